"""What applicants do themselves: send an application in, confirm it by the link in the letter, take it back.

None of these has a `by`: nobody is signed in. Whoever holds the link in the letter acts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import seals
from core.errors import Refused
from core.nudge import nudge
from core.states import born, move
from enrollment import application_letters as letters
from enrollment.admission import ASKING, AT_WORK, TAKING_PART
from enrollment.cohorts import ADVANCE, locked
from enrollment.models import (
    KEPT_UNCONFIRMED,
    TAKES_PEOPLE,
    Application,
    Cohort,
    CohortState,
    ConsentText,
    Employer,
    Enrolment,
    EnrolmentState,
    GroupApplication,
    Listener,
)

# The same form sent again within this time is the same wish; later it is a new letter, because the first may be lost.
SAME_WISH = timedelta(minutes=10)
KEPT_DAYS = KEPT_UNCONFIRMED.days
# Left or refused before any order: a new application opens the same enrolment again.
OVER = (EnrolmentState.WITHDRAWN, EnrolmentState.REFUSED)


@dataclass(frozen=True)
class Applicant:
    """Who applies, as the form has read it."""

    iin: str
    surname: str
    given_name: str
    patronymic: str
    email: str
    position: str = ""
    employer_name: str = ""
    employer_bin: str = ""
    phone: str = ""


def refuse_unless_open(cohort: Cohort) -> None:
    """Raises `Refused` unless the public may apply to this cohort."""
    if cohort.state != CohortState.OPEN:
        raise Refused(_("Applications to this cohort are not taken any more. Please choose another one."))


@transaction.atomic
def submit(
    *, cohort: Cohort, applicant: Applicant, consent: ConsentText, publication: bool, language: str
) -> Application:
    """Keep an application and ask by a letter in `language` whether it is meant; until then it counts for nothing.

    Nothing is looked up in the register, so neither the answer nor its time tells whether the person is known. Sending
    the form again within ten minutes changes what was written and writes no second letter. Raises `Refused` when the
    cohort takes no applications.
    """
    held = locked(cohort)
    refuse_unless_open(held)
    application = _same_wish(held, applicant) or Application(cohort=held)
    fill(application, applicant, language=language)
    application.consent, application.consented_at = consent, timezone.now()
    application.publication_consented = publication
    application.save()
    letters.ask_to_confirm(application)
    return application


def _same_wish(cohort: Cohort, applicant: Applicant) -> Application | None:
    mine = Application.objects.filter(
        cohort=cohort,
        group=None,
        confirmed_at=None,
        iin_digest=seals.digest(applicant.iin),
        email=applicant.email,
        created_at__gt=timezone.now() - SAME_WISH,
    )
    return mine.select_for_update(of=("self",)).first()


def fill(application: Application, applicant: Applicant, *, language: str) -> None:
    """Put what the form has read into the row."""
    application.language = language
    application.set_iin(applicant.iin)
    for name in (
        *("surname", "given_name", "patronymic", "position", "employer_name", "employer_bin", "email", "phone"),
    ):
        setattr(application, name, getattr(applicant, name))


@transaction.atomic
def confirm(*, application: Application, consent: ConsentText | None = None, publication: bool = False) -> Application:
    """Whoever has the letter says that the application is theirs: it gets its enrolment, in the state “applied”.

    The listener is found by the IIN or made; what the register knows is never overwritten from here. `consent` is
    given by people of an employer's list, who had not seen the text before. Confirming twice, or in two browsers at
    once, changes nothing.

    An e-mail proves little about a person. So when the person is in this cohort already, or asks for or has a place in
    another one of the edition, only an e-mail that the register knows as theirs is told so (`Refused`) or led to the
    application that there is; from any other the application is held for an administrator, and looks to the applicant
    like all that are not decided yet. Raises `Refused` when the cohort takes nobody or the consent is missing.
    """
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if held.confirmed_at:
        return held
    cohort = locked(held.cohort)
    if cohort.state not in TAKES_PEOPLE:
        raise Refused(_("Applications to this cohort are not taken any more. Please choose another one."))
    now = timezone.now()
    if held.consent is None:
        _give_consent(held, consent, publication, now)
    listener = _listener_of(held, now)
    held.enrolment = _enrolment_of(held, cohort, listener)
    held.confirmed_at = now
    held.save()
    return held


def _give_consent(application: Application, consent: ConsentText | None, publication: bool, now: datetime) -> None:
    if consent is None:
        raise Refused(_("Please read the consent and tick that you agree."))
    application.consent, application.consented_at = consent, now
    application.publication_consented = publication


def _listener_of(application: Application, now: datetime) -> Listener:
    """The listener with this IIN, held; a new one has everything from the application but an unknown employer."""
    if known := _known(application):
        return known
    listener = Listener(consented_on=timezone.localdate(now))
    for name in ("surname", "given_name", "patronymic", "position", "email", "phone", "consent"):
        setattr(listener, name, getattr(application, name))
    listener.publication_consented = application.publication_consented
    if application.employer_bin:
        listener.employer = Employer.objects.filter(bin=application.employer_bin).first()
    listener.set_iin(application.iin)
    try:
        with transaction.atomic():
            listener.save()
    except IntegrityError:  # the same person has just confirmed an application to another cohort
        return _known(application) or listener
    return listener


def _known(application: Application) -> Listener | None:
    same = Listener.objects.filter(iin_digest=application.iin_digest)
    listener = same.select_for_update(of=("self",)).first()
    while listener and listener.merged_into:
        listener = listener.merged_into
    return listener


def _enrolment_of(application: Application, cohort: Cohort, listener: Listener) -> Enrolment | None:
    """The enrolment that the application opens or belongs to; None when somebody has to look at it first."""
    here = cohort.enrolments.select_related("listener").filter(listener=listener).first()
    elsewhere = _asks_elsewhere(cohort, listener)
    if here and not _may_reopen(here):
        return here if _is_theirs(application, here) else None
    if elsewhere:
        if not _is_theirs(application, elsewhere):
            return None
        raise Refused(
            _("You have applied to another cohort of this programme, or take part in it: %(code)s.")
            % {"code": elsewhere.cohort.code}
        )
    return open_enrolment(cohort=cohort, listener=listener, here=here)


def open_enrolment(*, cohort: Cohort, listener: Listener, here: Enrolment | None) -> Enrolment:
    """A new enrolment in the state “applied”, or the one that was left before any order. Call it with rows held."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Application confirmed by e-mail")
    if here is None:
        here = Enrolment(cohort=cohort, listener=listener, state=EnrolmentState.APPLIED)
        here.save()
        born([here], by=None, reason=reason)
    elif _may_reopen(here):
        move(here, EnrolmentState.APPLIED, by=None, reason=reason)
    return here


def _may_reopen(enrolment: Enrolment) -> bool:
    return enrolment.state in OVER and enrolment.order_id is None


def _asks_elsewhere(cohort: Cohort, listener: Listener) -> Enrolment | None:
    """Where else in the edition the person asks for a place or has one."""
    other = Enrolment.objects.filter(
        listener=listener, cohort__edition=cohort.edition_id, cohort__state__in=AT_WORK, state__in=ASKING + TAKING_PART
    )
    return other.exclude(cohort=cohort).select_related("cohort", "listener").first()


def _is_theirs(application: Application, enrolment: Enrolment) -> bool:
    """Whether this e-mail is the one in the register, or the one by which that enrolment was applied for."""
    if enrolment.listener.email.lower() == application.email:
        return True
    return Application.objects.filter(enrolment=enrolment, email=application.email).exists()


@transaction.atomic
def take_back(*, application: Application) -> None:
    """The applicant does not want it any more: unconfirmed it is erased, otherwise its enrolment is withdrawn.

    The place goes to the waiting list. Taking it back again changes nothing. Raises `Refused` once an order has
    enrolled the person.
    """
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if held.confirmed_at is None:
        held.delete()
        return
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Taken back by the applicant")
    if held.enrolment_id is None:
        if held.set_aside_at is None:
            held.set_aside_at, held.set_aside_reason = timezone.now(), reason
            held.save(update_fields=["set_aside_at", "set_aside_reason"])
        return
    locked(held.cohort)
    enrolment = Enrolment.objects.get(pk=held.enrolment_id)
    if enrolment.state in OVER:
        return
    if enrolment.state not in (*ASKING, EnrolmentState.ADMITTED):
        raise Refused(_("You are enrolled by an order, so you leave by an order. Please write to the institute."))
    move(enrolment, EnrolmentState.WITHDRAWN, by=None, reason=reason)
    nudge(ADVANCE)


@transaction.atomic
def erase_unconfirmed() -> int:
    """Erase what nobody has confirmed in KEPT_UNCONFIRMED, and lists of which nobody is left; returns how many rows."""
    now = timezone.now()
    pks = list(Application.objects.expired(now).values_list("pk", flat=True)[:500])
    erased, _rows = Application.objects.filter(pk__in=pks, confirmed_at=None).delete()
    erased += GroupApplication.objects.expired(now).delete()[0]
    return erased
