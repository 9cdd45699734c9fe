"""Nobody and no room is in two places at once."""

import pytest

from enrollment.invariants import broken
from enrollment.models import Session
from enrollment.timetabling.booking import add_session
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db


def test_timetable_in_order_breaks_nothing(session):
    assert list(broken()) == []


def test_clash_past_the_verbs_is_found(session, other_course, details, administrator):
    other = add_session(cohort=other_course, details=details("2026-09-08 09:00"), by=administrator)
    Session.objects.filter(pk=other.pk).update(starts_at=session.starts_at, ends_at=at("2026-09-07 10:40"))
    assert list(broken()) == [
        f"session {session.pk} and {other.pk}: trainer_busy",
        f"session {session.pk} and {other.pk}: room_busy",
    ]


def test_module_of_another_edition_is_found(session):
    foreign = factories.make_edition(year=2027).modules.first()
    Session.objects.filter(pk=session.pk).update(module=foreign)
    assert list(broken()) == [f"session {session.pk}: its module belongs to another edition than its cohort"]
