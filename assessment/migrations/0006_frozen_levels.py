"""Levels of a rubric stay as they are once points were given by it (I10)."""

from django.db import migrations

from core.triggers import forbid

USED = (
    "EXISTS (SELECT 1 FROM assessment_score s JOIN programs_criterion c ON c.id = s.criterion_id"
    " JOIN programs_criterion own ON own.rubric_id = c.rubric_id WHERE own.id = {row}.criterion_id)"
)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_frozen_appeals")]
    operations = [
        forbid("level_no_insert", "programs_level", "INSERT", when=USED.format(row="NEW")),
        forbid("level_no_update", "programs_level", "UPDATE", when=USED.format(row="OLD")),
        forbid("level_no_delete", "programs_level", "DELETE", when=USED.format(row="OLD")),
    ]
