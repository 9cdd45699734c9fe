"""What an order does to each of its people, in words, before anything happens."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import EnrolmentState, Order, OrderKind, OrderLine, RequestState

# What each kind is for, on the page where it is chosen.
HINTS = {
    OrderKind.ENROLMENT: gettext_lazy("Those admitted become listeners of their cohort."),
    OrderKind.TRANSFER: gettext_lazy("By a request with a valid reason, into another cohort of this year (R8)."),
    OrderKind.DEFERRAL: gettext_lazy("By a request with supporting papers, until a set date (R9)."),
    OrderKind.REINSTATEMENT: gettext_lazy("Back to study after a deferral or an expulsion."),
    OrderKind.EXPULSION: gettext_lazy("By a decision of the commission; the employer is told (R10, R11)."),
    OrderKind.WITHDRAWAL: gettext_lazy("Who leaves the course by an application of their own."),
    OrderKind.COMPLETION: gettext_lazy("Who has passed the final attestation."),
    OrderKind.RETAKE: gettext_lazy("Who did not pass: once within a year, or with a following cohort (R6, R7)."),
}


def what_happens(order: Order, line: OrderLine) -> str:
    """One sentence about one person of a draft."""
    return EFFECTS[OrderKind(order.kind)](line)


def _enrolled(line: OrderLine) -> str:
    return _("Becomes a listener of the cohort %(cohort)s.") % {"cohort": line.enrolment.cohort}


def _transferred(line: OrderLine) -> str:
    return _("Leaves the cohort %(cohort)s and goes on in: %(target)s.") % {
        "cohort": line.enrolment.cohort,
        "target": line.cohort or "–",
    }


def _deferred(line: OrderLine) -> str:
    return _("The course is put off; last day to come back: %(day)s. The place becomes free.") % {"day": _day(line)}


def _reinstated(line: OrderLine) -> str:
    return _("Goes on with the course in: %(target)s.") % {"target": line.cohort or line.enrolment.cohort}


def _expelled(line: OrderLine) -> str:
    employer = line.enrolment.listener.employer
    if employer is None:
        return _("Is expelled. No employer is on record: the letter waits until somebody says whom to tell.")
    return _("Is expelled. A letter is written to: %(employer)s.") % {"employer": employer}


def _withdrawn(line: OrderLine) -> str:
    return _("Leaves the course; the place in %(cohort)s becomes free.") % {"cohort": line.enrolment.cohort}


def _completed(line: OrderLine) -> str:
    return _("The completion of the course is recorded; the state stays as it is.")


def _retaking(line: OrderLine) -> str:
    if line.cohort is None:
        return _("May take the final attestation once more.")
    return _("Is assessed together with the cohort %(cohort)s.") % {"cohort": line.cohort}


def _cancelled(line: OrderLine) -> str:
    return _("Goes back to where the cancelled order found them.")


EFFECTS: dict[OrderKind, Callable[[OrderLine], str]] = {
    OrderKind.ENROLMENT: _enrolled,
    OrderKind.TRANSFER: _transferred,
    OrderKind.DEFERRAL: _deferred,
    OrderKind.REINSTATEMENT: _reinstated,
    OrderKind.EXPULSION: _expelled,
    OrderKind.WITHDRAWAL: _withdrawn,
    OrderKind.COMPLETION: _completed,
    OrderKind.RETAKE: _retaking,
    OrderKind.CANCELLATION: _cancelled,
}


def _day(line: OrderLine) -> str:
    return date_format(line.until, "SHORT_DATE_FORMAT") if line.until else "–"


def what_goes_back(line: OrderLine) -> list[str]:
    """Sentences about one line of a signed order that is to be cancelled."""
    said = []
    if line.from_state:
        state = EnrolmentState(line.from_state).label
        said.append(_("Goes back to the state: %(state)s.") % {"state": state})
    if line.opened:
        said.append(_("Leaves the cohort %(cohort)s again.") % {"cohort": line.opened.cohort})
    if line.request and line.request.state == RequestState.ORDERED:
        said.append(_("The request is open again."))
    if notice := getattr(line, "notice", None):
        said.append(
            _("The letter to the employer is not needed any more.")
            if notice.is_due
            else _("The employer has the letter already: tell them that it no longer holds.")
        )
    return said or [_("What the order recorded no longer holds.")]
