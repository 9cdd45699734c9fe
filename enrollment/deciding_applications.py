"""What administrators decide about applications, one or many at a time; each decision is told to the applicant once.

Locks are taken in one sequence: cohorts by number, then the edition; see `ordering`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.kazakh import sort_key
from core.states import move
from enrollment import application_letters as letters
from enrollment import waiting
from enrollment.admission import ASKING, refuse_elsewhere, refuse_other_names, refuse_unless_taking_people
from enrollment.applying import open_enrolment
from enrollment.cohorts import locked, names_of
from enrollment.models import SEATED, Application, Cohort, Employer, Enrolment, EnrolmentState, Listener
from enrollment.registers import keep

CONTACTS = ("position", "email", "phone", "employer")  # what an application may bring to the register


@dataclass
class Decided:
    """Who has a place now, and who was put on the waiting list because there was none."""

    admitted: list[Enrolment] = field(default_factory=list)
    waiting: list[Enrolment] = field(default_factory=list)


@transaction.atomic
def admit_applicants(*, enrolments: Sequence[Enrolment], by: User) -> Decided:
    """Accept these applications, all or none: as many as there are places for, the rest on the waiting list.

    Whoever waits already comes first, then those who applied first; capacity is never exceeded. Who has a place keeps
    it, so a repeat changes nothing. The consent of the application, and its employer where the register has none, go
    into the register. Raises `Refused`, naming people, for a cohort that takes nobody, for somebody who asks no longer,
    whose name is unclear, or who takes part in another cohort of the edition.
    """
    decided = Decided()
    for cohort, people in _by_cohort(enrolments):
        refuse_unless_taking_people(cohort)
        asking = _asking(people, also=SEATED)
        refuse_other_names(asking)
        refuse_elsewhere(cohort, [one.listener_id for one in asking])
        _take_into_register(asking)
        moved_up = {one.pk for one in waiting.advance(cohort=cohort)}
        applied = [one for one in asking if one.state == EnrolmentState.APPLIED]
        free = max(0, cohort.capacity - cohort.enrolments.seated().count())
        coming, left = applied[:free], applied[free:]
        for enrolment in coming:
            move(enrolment, EnrolmentState.ADMITTED, by=by)
        for enrolment in left:
            waiting.put_behind(enrolment, by=by)
        letters.tell(coming, letters.ADMITTED)
        letters.tell(left, letters.WAITING)
        waited = [one for one in asking if one not in applied]
        decided.admitted += coming + [one for one in waited if one.pk in moved_up]
        decided.waiting += left + [one for one in waited if one.pk not in moved_up]
    return decided


@transaction.atomic
def put_on_waiting_list(*, enrolments: Sequence[Enrolment], by: User) -> list[Enrolment]:
    """Accept these applications for a cohort without a free place; who waits already keeps the turn.

    Raises `Refused` as `admit_applicants` does, and while the cohort has a free place: the list would give it at once.
    """
    listed: list[Enrolment] = []
    for cohort, people in _by_cohort(enrolments):
        refuse_unless_taking_people(cohort)
        asking = _asking(people)
        refuse_other_names(asking)
        refuse_elsewhere(cohort, [one.listener_id for one in asking])
        applied = [one for one in asking if one.state == EnrolmentState.APPLIED]
        if applied and cohort.enrolments.seated().count() < cohort.capacity:
            raise Refused(
                _("The cohort %(code)s has a free place, so nobody has to wait for one: admit them instead.")
                % {"code": cohort.code}
            )
        _take_into_register(applied)
        for enrolment in applied:
            waiting.put_behind(enrolment, by=by)
        letters.tell(applied, letters.WAITING)
        listed += asking
    return listed


@transaction.atomic
def refuse_applicants(*, enrolments: Sequence[Enrolment], reason: str, by: User) -> list[Enrolment]:
    """Refuse these applications, all or none; the reason stands in the letter. Refused ones stay as they are.

    Raises `Refused` without a reason and for somebody who asks no longer.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the application is refused; the reason stands in the letter."))
    refused: list[Enrolment] = []
    for _cohort, people in _by_cohort(enrolments):
        asking = _asking(people, also=(EnrolmentState.REFUSED,))
        for enrolment in asking:
            move(enrolment, EnrolmentState.REFUSED, by=by, reason=reason)
        letters.tell(asking, letters.REFUSED, reason=reason)
        refused += asking
    return refused


def _by_cohort(enrolments: Sequence[Enrolment]) -> Iterator[tuple[Cohort, list[Enrolment]]]:
    """The enrolments as stored, in the order in which people applied; every cohort is held before the first is used."""
    if not enrolments:
        raise Refused(_("Choose at least one person."))
    grouped: dict[int, list[Enrolment]] = defaultdict(list)
    for cohort in Cohort.objects.filter(enrolments__in=enrolments).distinct().order_by("pk"):
        grouped[locked(cohort).pk] = []
    fresh = Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).select_related("listener__employer")
    for enrolment in fresh.order_by("pk"):
        grouped[enrolment.cohort_id].append(enrolment)
    for pk, people in grouped.items():
        yield Cohort.objects.get(pk=pk), people


def _asking(people: list[Enrolment], *, also: Sequence[str] = ()) -> list[Enrolment]:
    """Those who ask for a place, leaving out who is in a state of `also` already."""
    gone = [one for one in people if one.state not in (*ASKING, *also)]
    if gone:
        raise Refused(_("They do not ask for a place any more: %(names)s.") % {"names": names_of(gone)})
    return [one for one in people if one.state in ASKING]


def _take_into_register(enrolments: list[Enrolment]) -> None:
    """What an accepted application brings: the consent just given, and an employer where there is none."""
    for application in Application.objects.newest_of(enrolments):
        if application.enrolment is None or application.consent is None or application.consented_at is None:
            continue
        listener = application.enrolment.listener
        day = timezone.localdate(application.consented_at)
        if listener.consented_on is None or listener.consented_on <= day:
            listener.consent, listener.consented_on = application.consent, day
            listener.publication_consented = application.publication_consented
        if listener.employer is None:
            listener.employer = employer_of(application)
        keep(listener)


def employer_of(application: Application) -> Employer | None:
    """The employer that the application names: the one with its BIN or exactly its name, else a new one."""
    name, bin_ = application.employer_name, application.employer_bin
    known = Employer.objects.filter(bin=bin_) if bin_ else Employer.objects.filter(sort_key=sort_key(name)[:800])
    if employer := known.order_by("bin", "pk").first():
        return employer
    return keep(Employer(name=name, bin=bin_)) if name else None


@transaction.atomic
def settle_name(*, application: Application, reason: str, by: User) -> Application:
    """Record why the other name in the register is the same person; the application may then be accepted.

    The register's name stays: where it is wrong, it is corrected on the listener's page. Raises `Refused` without a
    reason.
    """
    reason = " ".join(reason.split())
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if held.name_settled_at:
        return held
    if not reason:
        raise Refused(_("Say how you know that it is the same person."))
    held.name_settled_at, held.name_settled_by, held.name_settled_reason = timezone.now(), by, reason[:300]
    held.save(update_fields=["name_settled_at", "name_settled_by", "name_settled_reason"])
    return held


@dataclass(frozen=True)
class Difference:
    """One thing that the application writes otherwise than the register."""

    name: str
    label: str
    register: str
    application: str


def differences(application: Application) -> list[Difference]:
    """What the application would bring to the register of a known listener."""
    if application.enrolment is None:
        return []
    listener = application.enrolment.listener
    written = {name: getattr(application, name) for name in ("position", "email", "phone")}
    known = {name: getattr(listener, name) for name in written}
    found = [
        Difference(name, str(Listener._meta.get_field(name).verbose_name), known[name], text)  # type: ignore[union-attr]
        for name, text in written.items()
        if text and text != known[name]
    ]
    if _other_employer(application, listener):
        label = str(Listener._meta.get_field("employer").verbose_name)  # type: ignore[union-attr]
        shown = ", ".join(filter(None, [application.employer_name, application.employer_bin]))
        found.append(Difference("employer", label, str(listener.employer or ""), shown))
    return found


def _other_employer(application: Application, listener: Listener) -> bool:
    known = listener.employer
    if not application.employer_name and not application.employer_bin:
        return False
    if known and application.employer_bin:
        return known.bin != application.employer_bin
    return known is None or sort_key(known.name) != sort_key(application.employer_name)


@transaction.atomic
def take_over(*, application: Application, names: Sequence[str], by: User) -> Listener:
    """Bring these of CONTACTS from the application into the register; the history keeps what stood there.

    `by` reaches the row's history by way of the request. Raises `Refused` when nothing is chosen, when the application
    is held, or while the name is unclear.
    """
    if application.enrolment is None or not names:
        raise Refused(_("Choose what is to be taken over."))
    refuse_other_names([application.enrolment])
    listener = Listener.objects.select_for_update(of=("self",)).get(pk=application.enrolment.listener_id)
    for name in names:
        value = employer_of(application) if name == "employer" else getattr(application, name)
        setattr(listener, name, value or getattr(listener, name))
    return keep(listener)


@transaction.atomic
def let_count(*, application: Application, by: User) -> Application:
    """A held application counts after all: it belongs to the person's enrolment in the cohort, or opens one.

    Raises `Refused` when it is not held or the cohort takes nobody.
    """
    held = _held(application)
    cohort = locked(held.cohort)
    refuse_unless_taking_people(cohort)
    listener = Listener.objects.with_digest(held.iin_digest).select_for_update(of=("self",)).get()
    here = cohort.enrolments.filter(listener=listener).first()
    held.enrolment = open_enrolment(cohort=cohort, listener=listener, here=here)
    held.save(update_fields=["enrolment"])
    return held


@transaction.atomic
def set_aside(*, application: Application, reason: str, by: User) -> Application:
    """A held application does not count; the applicant is told the reason. Raises `Refused` without one."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the application is refused; the reason stands in the letter."))
    held = _held(application)
    held.set_aside_at, held.set_aside_by, held.set_aside_reason = timezone.now(), by, reason[:1000]
    held.save(update_fields=["set_aside_at", "set_aside_by", "set_aside_reason"])
    letters.write(held, letters.REFUSED, reason=reason)
    return held


def _held(application: Application) -> Application:
    stored = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if stored.confirmed_at is None or stored.enrolment_id or stored.set_aside_at:
        raise Refused(_("This application does not wait for a look any more."))
    return stored


def hold_of(application: Application) -> list[Enrolment]:
    """For a held application: the person's enrolments that stand against it, in words of the register."""
    same = Listener.objects.with_digest(application.iin_digest)
    known = Enrolment.objects.filter(listener__in=same, cohort__edition=application.cohort.edition_id)
    return list(known.select_related("cohort", "listener").order_by("-pk"))
