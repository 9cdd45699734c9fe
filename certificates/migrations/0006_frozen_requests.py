"""A request about a document stays as it was made and decided."""

from django.db import migrations

from core.triggers import forbid

ASKED = ["document_id", "cause", "asked_by_id", "asked_at"]
DECIDED = ["state", "decided_by_id", "decided_at", "result_id"]


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_frozen_numbers")]
    operations = [
        forbid("correction_request_no_delete", "certificates_correctionrequest", "DELETE"),
        forbid("correction_request_asked", "certificates_correctionrequest", "UPDATE", columns=ASKED),
        # The words may lose a name when a person is erased; what was decided stays.
        forbid(
            "correction_request_decided",
            "certificates_correctionrequest",
            "UPDATE",
            columns=DECIDED,
            when="OLD.state <> 'filed'",
        ),
    ]
