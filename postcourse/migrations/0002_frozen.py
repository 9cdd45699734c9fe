"""The history of moved consultations is written once; a support plan stays with its outcome and its needs (R12)."""

from django.db import migrations

from core.triggers import forbid

OTHER_NEED = "OLD.plan_id <> NEW.plan_id OR COALESCE(OLD.criterion_id, 0) <> COALESCE(NEW.criterion_id, 0)"

# Once the listener's data are erased, the words of a change may go; its times stay.
ERASED = (
    "EXISTS (SELECT 1 FROM postcourse_consultation c JOIN postcourse_supportplan p ON p.id = c.plan_id"
    " JOIN assessment_outcome o ON o.id = p.outcome_id JOIN assessment_attempt a ON a.id = o.attempt_id"
    " JOIN enrollment_enrolment e ON e.id = a.enrolment_id JOIN enrollment_listener l ON l.id = e.listener_id"
    " WHERE c.id = OLD.consultation_id AND l.pseudonymised_at IS NOT NULL)"
)
OTHER_CHANGE = " OR ".join(
    f"OLD.{column} <> NEW.{column}" for column in ("consultation_id", "from_starts_at", "to_starts_at", "by_id", "at")
)


class Migration(migrations.Migration):
    dependencies = [("postcourse", "0001_initial")]
    operations = [
        forbid("reschedule_no_update", "postcourse_reschedule", "UPDATE", when=f"{OTHER_CHANGE} OR NOT {ERASED}"),
        forbid("reschedule_no_delete", "postcourse_reschedule", "DELETE"),
        forbid("support_plan_no_update", "postcourse_supportplan", "UPDATE"),
        forbid("support_plan_no_delete", "postcourse_supportplan", "DELETE"),
        forbid("consultation_need_no_update", "postcourse_consultation", "UPDATE", when=OTHER_NEED),
        forbid("consultation_no_delete", "postcourse_consultation", "DELETE"),
    ]
