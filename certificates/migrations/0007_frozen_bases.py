"""What was printed at the beginning of addresses stays on record."""

from django.db import migrations

from core.triggers import forbid


class Migration(migrations.Migration):
    dependencies = [("certificates", "0006_frozen_requests")]
    operations = [
        forbid("public_base_no_delete", "certificates_publicbase", "DELETE"),
        forbid("public_base_frozen", "certificates_publicbase", "UPDATE"),
    ]
