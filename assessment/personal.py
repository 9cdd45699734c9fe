"""Personal data on this floor: attempts and what was decided about them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models import Attempt, AttemptState, Outcome, Score
from core.persons import Held, Person, of_listener


def _decided(person: Person) -> Q:
    """Points count, and are told, once a protocol has decided on them."""
    return Q(attempt__enrolment__listener__in=person.entries, attempt__state=AttemptState.DECIDED)


HELD = [
    Held(Attempt, whose=of_listener("enrolment__listener"), name="attempts"),
    Held(Score, whose=_decided, name="scores", shown={"criterion": "criterion__title"}),
    Held(
        Score.history.model,
        whose=_decided,
        name="score_history",
        title=_("scores: earlier states"),
        shown={"criterion": "criterion__title"},
        left_out={"history_change_reason": "not used"},
    ),
    Held(
        Outcome,
        whose=of_listener("attempt__enrolment__listener"),
        name="outcomes",
        shown={"protocol": "protocol__no", "band": "band__title"},
        also=("protocol__held_on",),
    ),
]
NOT_HELD = {"assessment.Protocol": "an act of the commission about a whole cohort; its decisions are the outcomes"}
