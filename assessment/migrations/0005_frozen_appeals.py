"""A decided appeal and its papers never change (I10); what a person wrote goes when their data are erased."""

from django.db import migrations

from core.triggers import forbid

SAID = ["outcome_id", "filed_by_id", "filed_at", "held_on", "decision", "decided_by_id", "decided_at"]
DECIDED = "OLD.state IN ('upheld', 'rejected')"


def changed(*columns: str) -> str:
    """SQL: at least one of these columns gets another value."""
    return "(" + " OR ".join(f'(OLD."{c}" <> NEW."{c}" OR (OLD."{c}" IS NULL) <> (NEW."{c}" IS NULL))' for c in columns) + ")"


ERASED = (
    "EXISTS (SELECT 1 FROM assessment_outcome o JOIN assessment_attempt a ON a.id = o.attempt_id"
    " JOIN enrollment_enrolment e ON e.id = a.enrolment_id JOIN enrollment_listener l ON l.id = e.listener_id"
    " WHERE o.id = {outcome} AND l.pseudonymised_at IS NOT NULL)"
)
OF_PAPER = "(SELECT outcome_id FROM assessment_appeal WHERE id = OLD.appeal_id)"


class Migration(migrations.Migration):
    dependencies = [("assessment", "0004_frozen_work")]
    operations = [
        forbid("appeal_no_delete", "assessment_appeal", "DELETE"),
        forbid("appeal_as_decided", "assessment_appeal", "UPDATE", columns=SAID, when=f"{DECIDED} AND {changed(*SAID)}"),
        forbid(
            "appeal_words_as_filed",
            "assessment_appeal",
            "UPDATE",
            columns=["words"],
            when=f"NEW.words <> OLD.words AND NOT {ERASED.format(outcome='OLD.outcome_id')}",
        ),
        forbid("appeal_paper_no_delete", "assessment_appealpaper", "DELETE"),
        forbid("appeal_paper_no_update", "assessment_appealpaper", "UPDATE", when=f"NOT {ERASED.format(outcome=OF_PAPER)}"),
    ]
