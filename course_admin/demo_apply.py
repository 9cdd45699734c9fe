"""The demonstration's applications: one of each kind that an administrator meets, made by the public's own verbs."""

from datetime import date, timedelta

from accounts.models import User
from course_admin.demo_people import Person, people
from enrollment import applying, cohorts, group_applying, import_reading
from enrollment import deciding_applications as deciding
from enrollment.models import Application, Cohort, Listener
from enrollment.registers import current_consent
from programs.models import ProgrammeEdition, StudyFormat

FIRST = 110  # of the invented people, after those of the other cohorts


def add_applications(*, edition: ProgrammeEdition, full: Cohort, administrator: User, today: date) -> None:
    """A cohort with applications to decide, and in `full` a waiting list.

    Among the applications are a known listener with new contacts, one with another name under the IIN, and some of an
    employer's list, of which not everybody has confirmed yet.
    """
    cohort = Cohort(
        code="KRG-08",
        edition=edition,
        starts_on=today + timedelta(days=42),
        ends_on=today + timedelta(days=60),
        study_format=StudyFormat.DISTANCE,
        capacity=20,
    )
    cohorts.plan(cohort=cohort, by=administrator)
    cohorts.open_cohort(cohort=cohort, by=administrator)
    for person in people(4, skip=FIRST):
        _apply(cohort, person)
    known, other = Listener.objects.order_by("-pk").filter(enrolments__state="completed")[:2]
    _apply(cohort, _same(known, email="zhana.meken@demo.kz", phone="+7 700 111 22 33"))
    _apply(cohort, _same(other, surname="Жаңатегі"))
    _list_of_an_employer(cohort, people(3, skip=FIRST + 10))
    _wait(full, people(4, skip=FIRST + 20), administrator)


def _same(listener: Listener, **fields: str) -> Person:
    """A known listener who applies again, with something written otherwise."""
    employer = listener.employer
    values = {
        "iin": listener.iin,
        "surname": listener.surname,
        "given_name": listener.given_name,
        "patronymic": listener.patronymic,
        "position": listener.position,
        "employer": employer.name if employer else "",
        "bin": employer.bin if employer else "",
        "email": listener.email,
        "phone": listener.phone,
    }
    return Person(**values | fields)


def _apply(cohort: Cohort, person: Person) -> Application:
    applicant = applying.Applicant(
        iin=person.iin,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        email=person.email,
        position=person.position,
        employer_name=person.employer,
        employer_bin=person.bin,
        phone=person.phone,
    )
    application = applying.submit(
        cohort=cohort, applicant=applicant, consent=current_consent(), publication=True, language=cohort.language
    )
    return applying.confirm(application=application)


def _list_of_an_employer(cohort: Cohort, listed: list[Person]) -> None:
    sender = group_applying.Sender(listed[0].employer, listed[0].bin, "Сағынтаева Шынар", "school@demo.kz")
    rows = [
        import_reading.Person(
            no,
            iin=person.iin,
            surname=person.surname,
            given_name=person.given_name,
            patronymic=person.patronymic,
            position=person.position,
            email=person.email,
        )
        for no, person in enumerate(listed, start=2)
    ]
    reading = import_reading.ReadList(rows, [], {})
    group = group_applying.submit_group(cohort=cohort, sender=sender, reading=reading, language="kk")
    group_applying.confirm_group(group=group)
    applying.confirm(application=group.applications.order_by("pk")[0], consent=current_consent(), publication=True)


def _wait(cohort: Cohort, asking: list[Person], administrator: User) -> None:
    """Two get the last places, two wait."""
    cohort.capacity = cohort.enrolments.seated().count() + 2
    cohorts.change(cohort=cohort, by=administrator)
    enrolments = [one.enrolment for one in (_apply(cohort, person) for person in asking) if one.enrolment]
    deciding.admit_applicants(enrolments=enrolments, by=administrator)
