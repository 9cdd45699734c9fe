"""An employer's list for a cohort: read, kept until its sender confirms it, then each person of it is asked."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.spreadsheets import read_rows
from enrollment import application_letters as letters
from enrollment.applying import Applicant, fill, refuse_unless_open
from enrollment.cohorts import locked
from enrollment.import_reading import Complaint, Person, ReadList, read_list
from enrollment.models import Application, Cohort, GroupApplication

# More than any school sends to one cohort, and few enough that nobody is tempted to send letters by way of us.
LARGEST_LIST = 100


@dataclass(frozen=True)
class Sender:
    """The employer, and who sends the list in for it."""

    employer_name: str
    employer_bin: str
    contact_name: str
    contact_email: str
    contact_phone: str = ""


class ListRefused(Refused):
    """Rows of the list have mistakes; `people` are those rows, each with its complaints."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        super().__init__(_("Nothing was kept. Rows with mistakes: %(count)s.") % {"count": len(people)})


def read_group(content: bytes, filename: str) -> ReadList:
    """The people of an employer's list, each with an e-mail of their own; the register is not asked.

    Raises `Refused` when the file cannot be read, has nobody or more than LARGEST_LIST people, and `ListRefused` with a
    sentence for each mistake.
    """
    reading = read_list(read_rows(content, filename, max_rows=LARGEST_LIST + 50).rows)
    if "email" not in reading.headings:
        raise Refused(_("The list has no column with e-mails. Each person is asked by a letter, so it is needed."))
    if not reading.people:
        raise Refused(_("There is nobody in the list."))
    if len(reading.people) > LARGEST_LIST:
        raise Refused(_("A list has at most %(most)s people. Please divide it.") % {"most": LARGEST_LIST})
    _want_own_email(reading)
    if bad := [person for person in reading.people if person.complaints]:
        raise ListRefused(bad)
    return reading


def _want_own_email(reading: ReadList) -> None:
    first: dict[str, int] = {}
    heading = reading.headings["email"]
    for person in reading.people:
        if not person.email:
            if not any(complaint.heading == heading for complaint in person.complaints):
                person.complaints.append(Complaint(heading, _("The e-mail is missing.")))
        elif first.setdefault(person.email, person.no) != person.no:
            sentence = _("The same e-mail stands in row %(row)s already; each person needs one of their own.")
            person.complaints.append(Complaint(heading, sentence % {"row": first[person.email]}))


@transaction.atomic
def submit_group(*, cohort: Cohort, sender: Sender, reading: ReadList, language: str) -> GroupApplication:
    """Keep the list and ask its sender by a letter whether it is meant; its people hear nothing before that.

    No `by`: nobody is signed in. Raises `Refused` when the cohort takes no applications.
    """
    held = locked(cohort)
    refuse_unless_open(held)
    group = GroupApplication.objects.create(cohort=held, language=language, people=len(reading.people), **vars(sender))
    for person in reading.people:
        application = Application(cohort=held, group=group)
        fill(application, _applicant(person, sender), language=language)
        application.save()
    letters.ask_to_confirm_list(group)
    return group


def _applicant(person: Person, sender: Sender) -> Applicant:
    return Applicant(
        iin=person.iin,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        email=person.email,
        position=person.position,
        employer_name=sender.employer_name,
        employer_bin=sender.employer_bin,
        phone=person.phone,
    )


@transaction.atomic
def confirm_group(*, group: GroupApplication) -> GroupApplication:
    """The list is meant: each person of it gets a letter, once. Confirming again changes nothing.

    Raises `Refused` when the cohort takes no applications any more.
    """
    held = GroupApplication.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if held.confirmed_at:
        return held
    refuse_unless_open(locked(held.cohort))
    held.confirmed_at = timezone.now()
    held.save(update_fields=["confirmed_at"])
    for application in held.applications.select_related("cohort__edition", "group").order_by("pk"):
        letters.ask_to_confirm(application)
    return held


@transaction.atomic
def discard_group(*, group: GroupApplication) -> None:
    """The list is not meant: it is erased. Raises `Refused` once its people were written to."""
    held = GroupApplication.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if held.confirmed_at:
        raise Refused(_("The people of this list have their letters already. Each of them decides alone."))
    held.applications.all().delete()
    held.delete()
