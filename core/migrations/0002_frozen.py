"""The audit trail is written once: no row of it is changed or deleted, by whatever way (I5)."""

from django.db import migrations

from core.triggers import forbid


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        forbid("audit_no_update", "core_auditentry", "UPDATE"),
        forbid("audit_no_delete", "core_auditentry", "DELETE"),
    ]
