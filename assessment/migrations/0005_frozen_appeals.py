"""A decided appeal never changes (I10)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0004_frozen_work")]
    operations: list[object] = []
