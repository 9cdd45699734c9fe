"""What examiners gave is final, and blind until then (I10)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_frozen")]
    operations: list[object] = []
