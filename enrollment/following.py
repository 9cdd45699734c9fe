"""What the page behind the link in the letter says: in words what the state means and what comes next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from enrollment.admission import ASKING
from enrollment.models import Application, Enrolment, EnrolmentState
from enrollment.waiting import place_in_queue


@dataclass(frozen=True)
class Following:
    """How an application stands. `tone` is good, warn, bad or empty; `place` on the waiting list, 0 for none."""

    title: str
    words: str
    tone: str = ""
    reason: str = ""
    place: int = 0
    can_take_back: bool = False


def following(application: Application) -> Following:
    """The words for a confirmed application, in the active language."""
    enrolment = application.enrolment
    if enrolment is None:
        return _held(application)
    if enrolment.state == EnrolmentState.APPLIED:
        return _received()
    if enrolment.state == EnrolmentState.WAITING:
        words = _(
            "Your application is accepted, but all places are taken at the moment. As soon as one becomes free, the "
            "first of the waiting list gets it by itself and is told by a letter. You need not do anything."
        )
        place = place_in_queue(enrolment)
        return Following(_("You are on the waiting list"), words, "warn", place=place, can_take_back=True)
    if enrolment.state == EnrolmentState.ADMITTED:
        words = _(
            "You have a place. Next come the agreement and the order of enrolment; the institute writes to you about "
            "both."
        )
        return Following(_("You have a place on the course"), words, "good", can_take_back=True)
    return _settled(enrolment)


def _received() -> Following:
    words = _(
        "Your application is confirmed. The administrators of the institute look at it and decide; you get a letter "
        "then."
    )
    return Following(_("Your application is received"), words, can_take_back=True)


def _held(application: Application) -> Following:
    """Held applications look like all that are not decided yet: nobody learns who is in the register."""
    if application.set_aside_at is None:
        return _received()
    if application.set_aside_by is None:
        return _taken_back()
    return _refused(application.set_aside_reason)


def _refused(reason: str) -> Following:
    words = _("You are welcome to apply for another cohort.")
    return Following(_("Your application was not accepted"), words, "bad", reason=reason)


def _taken_back() -> Following:
    words = _("You have taken your application back. You may apply again as long as the cohort takes applications.")
    return Following(_("Your application is taken back"), words)


def _settled(enrolment: Enrolment) -> Following:
    last = enrolment.audit_trail().first()
    reason = last.reason if last and last.by_id else ""
    if enrolment.state == EnrolmentState.REFUSED:
        return _refused(reason)
    if enrolment.state == EnrolmentState.WITHDRAWN:
        if last and last.by_id is None and last.from_state in (*ASKING, EnrolmentState.ADMITTED):
            return _taken_back()
        words = _("Your place was given up. If that is a mistake, please write to the institute.")
        return Following(_("You are not on the course any more"), words, "bad", reason=reason)
    if enrolment.state == EnrolmentState.ENROLLED:
        words = _("You are enrolled by an order. Everything else about the course is in your cabinet.")
        return Following(_("You take part in the course"), words, "good")
    words = _("Your application has led to a place. How the course went on is in your cabinet.")
    return Following(_("Your application is settled"), words)


def word_for(application: Application) -> str:
    """The state in a word or two, for an employer's list: no reasons, no places."""
    if application.confirmed_at is None:
        return _("not confirmed yet")
    if application.enrolment is not None:
        return str(application.enrolment.get_state_display())
    if application.set_aside_at is None:
        return str(EnrolmentState.APPLIED.label)
    return str(EnrolmentState.REFUSED.label if application.set_aside_by_id else EnrolmentState.WITHDRAWN.label)
