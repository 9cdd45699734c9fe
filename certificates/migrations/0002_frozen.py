"""What was issued never changes and never goes (I6, I9, I10), by whatever way somebody tries."""

from django.db import migrations

from core.triggers import forbid

PRINTED = [
    *("kind", "enrolment_id", "outcome_id", "signatory_id", "year", "counter", "number", "token", "snapshot", "facts"),
    *("holder", "holder_key", "issued_on", "issued_by_id", "valid_until", "replaces_id"),
]
REVOCATION = ["revoked_on", "revocation_reason"]
FILE = ["file", "size", "sha256", "signed_by", "ready_at"]
# All but the end of the period, which is known later than the beginning.
SIGNATORY = [
    *("full_name", "position", "position_kk", "position_ru", "position_en", "is_acting", "basis", "valid_from"),
]
WISH = ["batch_id", "outcome_id", "state", "reason", "document_id"]


def changed(columns: list[str]) -> str:
    """A condition, valid on both databases: one of the columns gets another value."""
    return " OR ".join(f'(OLD."{c}" <> NEW."{c}" OR (OLD."{c}" IS NULL) <> (NEW."{c}" IS NULL))' for c in columns)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]
    operations = [
        forbid("document_no_delete", "certificates_document", "DELETE"),
        forbid("document_printed", "certificates_document", "UPDATE", columns=PRINTED, when=changed(PRINTED)),
        forbid(
            "document_file",
            "certificates_document",
            "UPDATE",
            columns=FILE,
            when=f"OLD.state <> 'reserved' AND ({changed(FILE)})",
        ),
        forbid(
            "document_ended",
            "certificates_document",
            "UPDATE",
            columns=["state"],
            when="OLD.state IN ('revoked', 'replaced') AND NEW.state <> OLD.state",
        ),
        forbid(
            "document_revocation",
            "certificates_document",
            "UPDATE",
            columns=REVOCATION,
            when=f"OLD.state IN ('revoked', 'replaced') AND ({changed(REVOCATION)})",
        ),
        forbid(
            "signatory_as_signed",
            "enrollment_signatory",
            "UPDATE",
            columns=SIGNATORY,
            when=f"EXISTS (SELECT 1 FROM certificates_document d WHERE d.signatory_id = OLD.id) AND ({changed(SIGNATORY)})",
        ),
        # A decision on which a document in force rests is corrected only after that document is revoked.
        forbid(
            "correction_after_revocation",
            "assessment_attempt",
            "INSERT",
            when="NEW.corrects_id IS NOT NULL AND EXISTS (SELECT 1 FROM certificates_document d"
            " JOIN assessment_outcome o ON o.id = d.outcome_id"
            " WHERE o.attempt_id = NEW.corrects_id AND d.state IN ('reserved', 'ready'))",
        ),
        forbid(
            "wish_done",
            "certificates_wish",
            "UPDATE",
            columns=WISH,
            when=f"OLD.state = 'issued' AND ({changed(WISH)})",
        ),
    ]
