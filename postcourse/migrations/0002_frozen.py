"""The history of moved consultations is written once; a support plan stays with its outcome and its needs (R12)."""

from django.db import migrations

from core.triggers import forbid

OTHER_NEED = "OLD.plan_id <> NEW.plan_id OR COALESCE(OLD.criterion_id, 0) <> COALESCE(NEW.criterion_id, 0)"


class Migration(migrations.Migration):
    dependencies = [("postcourse", "0001_initial")]
    operations = [
        forbid("reschedule_no_update", "postcourse_reschedule", "UPDATE"),
        forbid("reschedule_no_delete", "postcourse_reschedule", "DELETE"),
        forbid("support_plan_no_update", "postcourse_supportplan", "UPDATE"),
        forbid("support_plan_no_delete", "postcourse_supportplan", "DELETE"),
        forbid("consultation_need_no_update", "postcourse_consultation", "UPDATE", when=OTHER_NEED),
        forbid("consultation_no_delete", "postcourse_consultation", "DELETE"),
    ]
