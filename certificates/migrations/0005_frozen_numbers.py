"""A series of numbers stays as it is once a number of its years was given (I2)."""

from django.db import migrations

from core.triggers import forbid

USED = "EXISTS (SELECT 1 FROM certificates_document d WHERE d.kind = OLD.kind AND d.year >= OLD.from_year)"


class Migration(migrations.Migration):
    dependencies = [("certificates", "0004_frozen_revocations")]
    operations = [
        forbid("series_used_changed", "certificates_numberseries", "UPDATE", when=USED),
        forbid("series_used_deleted", "certificates_numberseries", "DELETE", when=USED),
    ]
