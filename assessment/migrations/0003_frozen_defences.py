"""What examiners gave is final, and a concluded defence of a decided attempt stays as it is (I10)."""

from django.db import migrations

from core.triggers import forbid

DEFENCE = "(SELECT 1 FROM assessment_defence d JOIN assessment_attempt a ON a.id = d.attempt_id WHERE d.id = {row}.defence_id AND {when})"
NOT_NOW = "EXISTS " + DEFENCE.format(row="NEW", when="(d.state <> 'scheduled' OR a.state IN ('decided', 'void'))")
DECIDED = "EXISTS (SELECT 1 FROM assessment_attempt a WHERE a.id = OLD.attempt_id AND a.state = 'decided')"
# All but the note, which may name somebody whose data are erased.
GIVEN = ["defence_id", "examiner_id", "criterion_id", "points", "max_points", "given_at"]
JUDGED = ["sitting_id", "attempt_id", "starts_at", "state", "points", "grounds", "settled_by_id", "settled_at"]


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_frozen")]
    operations = [
        forbid("defence_score_no_insert", "assessment_defencescore", "INSERT", when=NOT_NOW),
        forbid("defence_score_no_update", "assessment_defencescore", "UPDATE", columns=GIVEN),
        forbid("defence_score_no_delete", "assessment_defencescore", "DELETE"),
        forbid("defence_no_update", "assessment_defence", "UPDATE", columns=JUDGED, when=DECIDED),
        forbid("defence_no_delete", "assessment_defence", "DELETE"),
        forbid("excuse_no_update", "assessment_excuse", "UPDATE"),
        forbid("excuse_no_delete", "assessment_excuse", "DELETE"),
    ]
