"""What a person can still ask for in each course, until when, and why nothing else: for the cabinet and the panel.

Reads only; the verdicts are those of `enrollment.ways`, by which an order is signed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Enrolment, EnrolmentState, MovementRequest, Way
from enrollment.standings import limits, standings_of
from enrollment.ways import WayOut, ways

MEANINGS = {
    Way.RETAKE: gettext_lazy("You take the final assessment once more. It can be given once within a year."),
    Way.NEXT_COHORT: gettext_lazy("You are assessed together with a following cohort, with all five criteria anew."),
    Way.TRANSFER: gettext_lazy(
        "For a valid reason you go on in another cohort that begins in the same calendar year. "
        "What you attended goes along, and so do points that no protocol has decided on."
    ),
    Way.DEFERRAL: gettext_lazy(
        "For a valid reason, with papers that support it, you pause and complete the course later, by a set day."
    ),
    Way.REINSTATEMENT: gettext_lazy("You come back to the course, to your own cohort or to another one."),
    Way.WITHDRAWAL: gettext_lazy("You leave the course at your own wish. The place is given to somebody else."),
}
# Before an order enrols somebody there is nothing to move, and who has passed needs no way.
WITH_WAYS = (
    EnrolmentState.ENROLLED,
    EnrolmentState.DEFERRED,
    EnrolmentState.NOT_PASSED,
    EnrolmentState.EXPELLED,
)
AFTER_AN_ORDER = (
    *WITH_WAYS,
    EnrolmentState.COMPLETED,
    EnrolmentState.TRANSFERRED,
    EnrolmentState.WITHDRAWN,
)


@dataclass(frozen=True)
class Option:
    """One way as a page shows it: its name, what it means, until when, why it is closed."""

    out: WayOut

    @property
    def way(self) -> Way:
        """Which way."""
        return self.out.way

    @property
    def label(self) -> str:
        """Its name."""
        return str(self.out.way.label)

    @property
    def meaning(self) -> str:
        """What becomes of who takes it."""
        return str(MEANINGS[self.out.way])

    @property
    def term(self) -> str:
        """Until when, in words; a deferral is asked for at any time and lasts until its day."""
        if self.out.until is None:
            return _("Without a time limit")
        words = _("May last until: %(day)s") if self.out.way == Way.DEFERRAL else _("Possible until: %(day)s")
        return words % {"day": date_format(self.out.until, "DATE_FORMAT")}


@dataclass(frozen=True)
class Course:
    """One enrolment with its options and its requests, the latest first."""

    enrolment: Enrolment
    options: list[Option]
    requests: list[MovementRequest]

    @property
    def open_request(self) -> MovementRequest | None:
        """The one that waits for a decision."""
        return next((request for request in self.requests if request.is_open), None)

    @property
    def open_options(self) -> list[Option]:
        """What can be asked for now."""
        return [option for option in self.options if option.out.is_open]

    @property
    def closed_options(self) -> list[Option]:
        """What cannot, and why; nothing when all are closed for one and the same reason."""
        return [] if self.closed_at_all else [option for option in self.options if not option.out.is_open]

    @property
    def closed_at_all(self) -> str:
        """The one sentence that closes every way; empty when it is not one."""
        if self.enrolment.state == EnrolmentState.COMPLETED:
            return _("You have passed the final attestation: nothing is left to be asked for.")
        reasons = {option.out.why_not for option in self.options}
        return reasons.pop() if len(reasons) == 1 else ""


def courses_of(enrolments: Collection[Enrolment], *, on: date | None = None) -> list[Course]:
    """Each of them as a page shows it, today or on another day; three queries for any number."""
    day = on or timezone.localdate()
    standings, limit = standings_of(enrolments), limits()
    requests = (
        MovementRequest.objects.filter(enrolment__in=enrolments).select_related("cohort").prefetch_related("papers")
    )
    return [
        Course(
            enrolment,
            [Option(out) for out in ways(standings[enrolment.pk], day, limit).values()],
            [request for request in requests if request.enrolment_id == enrolment.pk],
        )
        for enrolment in enrolments
    ]


def option_of(enrolment: Enrolment, way: Way) -> Option:
    """The verdict of today on one way."""
    return next(option for option in courses_of([enrolment])[0].options if option.way == way)
