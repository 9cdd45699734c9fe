"""Levels of a rubric stay as they are once points were given by it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_frozen_appeals")]
    operations: list[object] = []
