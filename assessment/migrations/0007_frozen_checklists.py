"""A published checklist never changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0006_frozen_levels")]
    operations: list[object] = []
