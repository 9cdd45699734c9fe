"""A proposal to revoke stays as it was made and decided."""

from django.db import migrations

from core.triggers import forbid

PROPOSED = ["document_id", "reason", "proposed_by_id", "proposed_at"]


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_frozen_journal")]
    operations = [
        forbid("revocation_no_delete", "certificates_revocation", "DELETE"),
        forbid("revocation_proposed", "certificates_revocation", "UPDATE", columns=PROPOSED),
        forbid("revocation_decided", "certificates_revocation", "UPDATE", when="OLD.state <> 'proposed'"),
    ]
