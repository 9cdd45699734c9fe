"""What a closed protocol decided is never changed or deleted, by whatever way (I10)."""

from django.db import migrations

from core.triggers import forbid

ATTEMPT_DECIDED = "EXISTS (SELECT 1 FROM assessment_attempt a WHERE a.id = {row}.attempt_id AND a.state = 'decided')"
OLD_DECIDED = ATTEMPT_DECIDED.format(row="OLD")
NEW_DECIDED = ATTEMPT_DECIDED.format(row="NEW")
PROTOCOL_CLOSED = (
    "EXISTS (SELECT 1 FROM assessment_protocol p WHERE p.id = NEW.protocol_id AND p.state = 'closed')"
)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [
        forbid("outcome_no_insert", "assessment_outcome", "INSERT", when=PROTOCOL_CLOSED),
        forbid("outcome_no_update", "assessment_outcome", "UPDATE"),
        forbid("outcome_no_delete", "assessment_outcome", "DELETE"),
        forbid("protocol_no_update", "assessment_protocol", "UPDATE", when="OLD.state = 'closed'"),
        forbid("protocol_no_delete", "assessment_protocol", "DELETE", when="OLD.state = 'closed'"),
        forbid("attempt_no_update", "assessment_attempt", "UPDATE", when="OLD.state = 'decided'"),
        forbid("attempt_no_delete", "assessment_attempt", "DELETE", when="OLD.state = 'decided'"),
        forbid("score_no_insert", "assessment_score", "INSERT", when=NEW_DECIDED),
        forbid("score_no_update", "assessment_score", "UPDATE", when=f"{OLD_DECIDED} OR {NEW_DECIDED}"),
        forbid("score_no_delete", "assessment_score", "DELETE", when=OLD_DECIDED),
    ]
