"""A commission, a sitting and defences for tests."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from assessment.models import Defence, Sitting
from assessment.sittings import place, plan_sitting
from enrollment.models import Body, CommissionMember, Enrolment
from tests import factories


def make_examiners(count: int = 3) -> list[User]:
    """Accounts that sit in the attestation commission, the first in the chair."""
    users = [factories.UserFactory(full_name=f"Емтихан {n}", is_trainer=True) for n in range(count)]
    for n, user in enumerate(users):
        factories.make_members(1, body=Body.ATTESTATION, user=user, is_chair=n == 0)
    return users


def make_sitting(cohort, *, by: User, users: list[User], starts_at: datetime | None = None) -> Sitting:  # type: ignore[no-untyped-def]
    """A sitting that has begun, before these examiners; the first of them chairs."""
    members = [CommissionMember.objects.get(user=user, body=Body.ATTESTATION) for user in users]
    return plan_sitting(
        cohort=cohort,
        starts_at=starts_at or timezone.now(),
        slot_minutes=20,
        members=members,
        chair=members[0],
        room=None,
        link="https://meet.example.kz/1",
        by=by,
    )


def make_defence(enrolment: Enrolment, *, by: User, users: list[User]) -> Defence:
    """The defence of this person, at the first slot of a sitting of its own."""
    sitting = make_sitting(enrolment.cohort, by=by, users=users)
    return place(sitting=sitting, enrolments=[enrolment], by=by)[0]
