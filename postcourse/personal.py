"""Personal data on this floor: support plans and consultations."""

from core.persons import Held, of_listener
from postcourse.models import Consultation, Reschedule, SupportPlan

HELD = [
    Held(SupportPlan, whose=of_listener("outcome__attempt__enrolment__listener"), name="support_plans"),
    Held(
        Consultation,
        whose=of_listener("plan__outcome__attempt__enrolment__listener"),
        name="consultations",
        shown={"criterion": "criterion__topic", "consultant": "consultant__full_name"},
        left_out={"sequence": "counts changes for calendar files"},
    ),
    Held(
        Reschedule,
        whose=of_listener("consultation__plan__outcome__attempt__enrolment__listener"),
        name="moved_consultations",
        erase={"reason": ""},
    ),
]
NOT_HELD: dict[str, str] = {}
