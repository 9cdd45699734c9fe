"""Letters about requests: to the listener, in the listener's language, one for each decision (I11)."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import outbox
from core.letters import letter
from core.nudge import nudge
from enrollment.models import MovementRequest, Order

ORDERED, REFUSED, REOPENED = "request-ordered", "request-refused", "request-reopened"


def tell_ordered(request: MovementRequest, order: Order) -> None:
    """An order has been signed on the request; where the listener's course goes on stands in the cabinet."""
    with translation.override(_language(request)):
        lead = _("Your request is carried out: an order has been signed.")
        details = _("Order: %(order)s") % {"order": order}
        _write(ORDERED, request, order, subject=_("Your request is carried out"), paragraphs=[lead, details])


def tell_refused(request: MovementRequest) -> None:
    """The request is refused, with the answer."""
    with translation.override(_language(request)):
        lead = _("Your request cannot be met.")
        details = _("Answer: %(answer)s") % {"answer": request.answer}
        _write(REFUSED, request, None, subject=_("Answer to your request"), paragraphs=[lead, details])


def tell_reopened(request: MovementRequest, order: Order) -> None:
    """The order on the request has been cancelled by `order`; the request is open again."""
    with translation.override(_language(request)):
        lead = _("The order on your request has been cancelled. Your request is open again and will be looked at anew.")
        details = _("Cancelled by the order: %(order)s") % {"order": order}
        _write(REOPENED, request, order, subject=_("Your request is open again"), paragraphs=[lead, details])


def _language(request: MovementRequest) -> str:
    user = request.enrolment.listener.user
    return user.language if user else request.enrolment.cohort.language


def _write(kind: str, request: MovementRequest, order: Order | None, *, subject: str, paragraphs: list[str]) -> None:
    """Put the letter in the outbox in the active language; who has no address gets none."""
    listener = request.enrolment.listener
    address = listener.user.email if listener.user else listener.email
    if not address:
        return
    asked = _("You asked for: %(way)s\nDate of the request: %(day)s\nCohort: %(cohort)s") % {
        "way": request.get_way_display(),
        "day": date_format(request.filed_on, "SHORT_DATE_FORMAT"),
        "cohort": request.enrolment.cohort,
    }
    outbox.write(
        kind=kind,
        thing=f"request {request.pk}" + (f" order {order.pk}" if order else ""),
        recipient=address,
        subject=subject,
        body=letter([*paragraphs, asked], to=listener.full_name),
    )
    nudge("core.send_messages")
