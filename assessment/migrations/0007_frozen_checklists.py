"""A published checklist never changes; answers stay with their person, moment and checklist, and are never deleted (I10)."""

from django.db import migrations

from core.triggers import forbid

PUBLISHED = "EXISTS (SELECT 1 FROM assessment_checklist c WHERE c.id = {row}.checklist_id AND c.state = 'published')"
WHOSE = ["enrolment_id", "moment", "checklist_id"]


class Migration(migrations.Migration):
    dependencies = [("assessment", "0006_frozen_levels")]
    operations = [
        forbid("checklist_no_update", "assessment_checklist", "UPDATE", when="OLD.state = 'published'"),
        forbid("checklist_no_delete", "assessment_checklist", "DELETE", when="OLD.state = 'published'"),
        forbid("competence_no_insert", "assessment_competence", "INSERT", when=PUBLISHED.format(row="NEW")),
        forbid(
            "competence_no_update",
            "assessment_competence",
            "UPDATE",
            when=f"{PUBLISHED.format(row='OLD')} OR {PUBLISHED.format(row='NEW')}",
        ),
        forbid("competence_no_delete", "assessment_competence", "DELETE", when=PUBLISHED.format(row="OLD")),
        forbid(
            "self_assessment_whose",
            "assessment_selfassessment",
            "UPDATE",
            columns=WHOSE,
            when=" OR ".join(f"OLD.{column} <> NEW.{column}" for column in WHOSE),
        ),
        forbid("self_assessment_no_delete", "assessment_selfassessment", "DELETE"),
    ]
