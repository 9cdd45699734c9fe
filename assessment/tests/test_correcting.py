"""Corrections: a new protocol whose line takes the place of an earlier one; what was decided stays as it was."""

import pytest

from assessment.correcting import Corrected, DocumentInForce, close_correction, draft_correction
from assessment.invariants import broken
from assessment.models import Attempt, Outcome, Protocol
from certificates.candidates import candidates
from certificates.issuing import issue
from certificates.models import Document, DocumentState
from certificates.tests.revocations import revoke
from core import invariants as ground
from core.errors import Refused
from enrollment.models import Body, CommissionMember, EnrolmentState, Signatory
from postcourse.falling_away import call_off_corrected
from postcourse.models import Consultation
from postcourse.planning import plan_support, unplanned
from tests.factories import close_protocol, make_signatory

pytestmark = pytest.mark.usefixtures("after_the_course")
FAILED = {"theory": 5, "cases": 10, "analysis": 5, "project": 12, "reflection": 3}


@pytest.fixture
def outcome(cohort, scored, administrator):  # type: ignore[no-untyped-def]
    """81 points, decided."""
    scored("Әлімов", "good")
    return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator).outcomes.get()


@pytest.fixture
def draft(cohort, administrator):  # type: ignore[no-untyped-def]
    """`draft(outcome, points)` prepares a correction by the commission that decided."""

    def do(outcome, points=FAILED, **changes):  # type: ignore[no-untyped-def]
        members = list(CommissionMember.objects.filter(body=Body.ATTESTATION))
        chair = next(member for member in members if member.user_id == administrator.pk)
        ending = changes.pop("ending", "scored")
        asked = {
            "cohort": cohort,
            "held_on": cohort.ends_on,
            "members": members,
            "chair": chair,
            "reason": "Есептеу қатесі",
            "basis": "№ 3 апелляция",
            "lines": [Corrected(outcome, points, ending)],
            "by": administrator,
        }
        return draft_correction(**asked | changes)

    return do


def test_correction_takes_the_place_and_leaves_the_first_as_it_was(outcome, draft, administrator):
    enrolment = outcome.attempt.enrolment
    protocol = close_correction(protocol=draft(outcome), by=administrator)
    now = Outcome.objects.in_force().get(attempt__enrolment=enrolment)
    assert (protocol.no, now.protocol, now.total, now.passed) == (2, protocol, 35, False)
    assert (now.attempt.kind, now.attempt.corrects) == (Attempt.Kind.CORRECTION, outcome.attempt)
    outcome.refresh_from_db()
    assert (outcome.total, outcome.passed, outcome.attempt.scores.get(criterion__code="theory").points) == (
        81, True, 18,
    )  # fmt: skip
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.decided_on, enrolment.retaken_on) == (
        EnrolmentState.NOT_PASSED, outcome.protocol.held_on, None,
    )  # fmt: skip
    assert [*broken(), *ground.broken()] == []


def test_correction_within_the_band_moves_nobody(outcome, draft, administrator):
    close_correction(protocol=draft(outcome, dict(outcome.points) | {"theory": 17}), by=administrator)
    enrolment = outcome.attempt.enrolment
    enrolment.refresh_from_db()
    assert (enrolment.state, Outcome.objects.in_force().get().total) == (EnrolmentState.COMPLETED, 80)
    changed = Outcome.objects.in_force().get().attempt.scores.get(criterion__code="theory")
    assert (changed.entered_by, changed.history.get().history_change_reason) == (administrator, "Есептеу қатесі")
    assert [*broken(), *ground.broken()] == []


def test_correction_to_a_breach_has_no_total(outcome, draft, administrator):
    close_correction(protocol=draft(outcome, outcome.points, ending="breach"), by=administrator)
    now = Outcome.objects.in_force().get()
    assert (now.ending, now.total, now.band, now.passed, now.reason) == ("breach", None, None, False, "Есептеу қатесі")
    assert [*broken(), *ground.broken()] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "Give the reason and the basis"),
        ({"basis": ""}, "Give the reason and the basis"),
        ({"lines": []}, "Say whose decision"),
        ({"points": {"theory": 5}}, "points are missing"),
        ({"points": FAILED | {"theory": 21}}, "are not those of the rubric"),
        ({"points": FAILED | {"strange": 1}}, "are not those of the rubric"),
    ],
)
def test_correction_that_cannot_be_is_refused_in_words(outcome, draft, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        draft(outcome, **changes)
    assert Protocol.objects.count() == 1


def test_correction_that_changes_nothing_is_refused(outcome, draft):
    with pytest.raises(Refused, match="nothing is changed"):
        draft(outcome, outcome.points)


def test_correction_before_the_protocol_is_refused(outcome, draft, cohort):
    with pytest.raises(Refused, match="lies before the protocol that is corrected"):
        draft(outcome, held_on=cohort.starts_on)


def test_correction_by_a_trainer_or_closed_by_another_is_refused(outcome, draft, trainer):
    with pytest.raises(Refused, match="prepared by an administrator"):
        draft(outcome, by=trainer)
    with pytest.raises(Refused, match="closed by the chair"):
        close_correction(protocol=draft(outcome), by=trainer)
    assert Outcome.objects.count() == 1


def test_corrected_decision_is_not_corrected_again_but_its_correction_is(outcome, draft, administrator):
    close_correction(protocol=draft(outcome), by=administrator)
    with pytest.raises(Refused, match="has corrected this decision already"):
        draft(outcome, outcome.points | {"theory": 1})
    close_correction(protocol=draft(Outcome.objects.in_force().get(), outcome.points), by=administrator)
    assert [(o.total, o.protocol.no) for o in Outcome.objects.in_force()] == [(81, 3)]
    outcome.attempt.enrolment.refresh_from_db()
    assert outcome.attempt.enrolment.state == EnrolmentState.COMPLETED
    assert [*broken(), *ground.broken()] == []


def test_document_must_be_revoked_first(outcome, draft, cohort, administrator):
    signatory = Signatory.objects.first() or make_signatory()
    document = issue(outcome=outcome, signatory=signatory, issued_on=cohort.ends_on, by=administrator)
    protocol = draft(outcome)
    with pytest.raises(DocumentInForce, match="Әлімов Айбек: a document has been issued"):
        close_correction(protocol=protocol, by=administrator)
    assert (Outcome.objects.count(), Protocol.objects.get(pk=protocol.pk).state) == (1, "draft")
    revoke(document=document, reason="Түзету", by=administrator)
    close_correction(protocol=protocol, by=administrator)
    assert [(c.kind, c.reason) for c in candidates(Protocol.objects.get(no=2))] == [("attendance", "")]
    assert [c.reason for c in candidates(Protocol.objects.get(no=1))] == [
        "A later protocol has decided about this person anew."
    ]
    assert Document.objects.get().state == DocumentState.REVOKED


def test_support_of_who_has_not_passed_after_all_is_called_off(outcome, draft, administrator):
    plan_support()
    assert Consultation.objects.occupying().count() > 0
    close_correction(protocol=draft(outcome), by=administrator)
    assert (call_off_corrected() > 0, call_off_corrected()) == (True, 0)
    assert (Consultation.objects.occupying().count(), unplanned().count()) == (0, 0)


def test_support_of_who_still_passes_stays(outcome, draft, administrator):
    plan_support()
    before = Consultation.objects.occupying().count()
    close_correction(protocol=draft(outcome, dict(outcome.points) | {"theory": 17}), by=administrator)
    assert (call_off_corrected(), plan_support(), Consultation.objects.occupying().count()) == (0, 0, before)
