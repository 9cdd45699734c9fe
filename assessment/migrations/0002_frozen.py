"""What a closed protocol decided is never changed or deleted, by whatever way (I10)."""

from django.db import migrations

from core.triggers import forbid

ATTEMPT_DECIDED = "EXISTS (SELECT 1 FROM assessment_attempt a WHERE a.id = {row}.attempt_id AND a.state = 'decided')"
OLD_DECIDED = ATTEMPT_DECIDED.format(row="OLD")
NEW_DECIDED = ATTEMPT_DECIDED.format(row="NEW")
PROTOCOL_CLOSED = (
    "EXISTS (SELECT 1 FROM assessment_protocol p WHERE p.id = NEW.protocol_id AND p.state = 'closed')"
)


def closed(row: str) -> str:
    """SQL: the protocol of this row is closed."""
    return f"EXISTS (SELECT 1 FROM assessment_protocol p WHERE p.id = {row}.protocol_id AND p.state = 'closed')"


# What papers print of a member stays once a closed protocol names them; the period can end, an account can come.
MEMBER = ["full_name", "position", "position_kk", "position_ru", "position_en", "body", "valid_from"]
MEMBER_NAMED = (
    "EXISTS (SELECT 1 FROM assessment_protocolmember m JOIN assessment_protocol p ON p.id = m.protocol_id"
    " WHERE m.member_id = OLD.id AND p.state = 'closed')"
)


def changed(*columns: str) -> str:
    """SQL: at least one of these columns gets another value."""
    return "(" + " OR ".join(f'(OLD."{c}" <> NEW."{c}" OR (OLD."{c}" IS NULL) <> (NEW."{c}" IS NULL))' for c in columns) + ")"


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [
        forbid("outcome_no_insert", "assessment_outcome", "INSERT", when=PROTOCOL_CLOSED),
        forbid("outcome_no_update", "assessment_outcome", "UPDATE"),
        forbid("outcome_no_delete", "assessment_outcome", "DELETE"),
        forbid("protocol_no_update", "assessment_protocol", "UPDATE", when="OLD.state = 'closed'"),
        forbid("protocol_no_delete", "assessment_protocol", "DELETE", when="OLD.state = 'closed'"),
        forbid("protocol_member_no_insert", "assessment_protocolmember", "INSERT", when=closed("NEW")),
        forbid("protocol_member_no_update", "assessment_protocolmember", "UPDATE", when=closed("OLD")),
        forbid("protocol_member_no_delete", "assessment_protocolmember", "DELETE", when=closed("OLD")),
        forbid("correction_line_no_update", "assessment_correctionline", "UPDATE", when=closed("OLD")),
        forbid("correction_line_no_delete", "assessment_correctionline", "DELETE", when=closed("OLD")),
        forbid(
            "commission_member_as_seated",
            "enrollment_commissionmember",
            "UPDATE",
            columns=MEMBER,
            when=f"{MEMBER_NAMED} AND {changed(*MEMBER)}",
        ),
        forbid("attempt_no_update", "assessment_attempt", "UPDATE", when="OLD.state = 'decided'"),
        forbid("attempt_no_delete", "assessment_attempt", "DELETE", when="OLD.state = 'decided'"),
        forbid("score_no_insert", "assessment_score", "INSERT", when=NEW_DECIDED),
        forbid("score_no_update", "assessment_score", "UPDATE", when=f"{OLD_DECIDED} OR {NEW_DECIDED}"),
        forbid("score_no_delete", "assessment_score", "DELETE", when=OLD_DECIDED),
    ]
