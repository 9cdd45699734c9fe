"""What was handed in and answered is never changed (I10)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_frozen_defences")]
    operations: list[object] = []
