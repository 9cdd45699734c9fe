"""The course agreement: recorded from paper, or accepted in the cabinet."""

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from enrollment.models import Agreement, Enrolment


def record_paper_agreements(
    *, enrolments: Sequence[Enrolment], dated_on: date, by: User | None, number: str = ""
) -> None:
    """Note for each of them that the agreement is on file on paper; who has one keeps it. Two queries."""
    Agreement.objects.bulk_create(
        [
            Agreement(enrolment=enrolment, kind=Agreement.Kind.PAPER, number=number, dated_on=dated_on, by=by)
            for enrolment in enrolments
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
