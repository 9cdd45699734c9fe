"""What outcomes and documents rest on stays as it is, by whatever way it is touched (I10)."""

from django.db import migrations

from core.triggers import forbid

USED = 'EXISTS (SELECT 1 FROM "enrollment_listener" WHERE "consent_id" = OLD."id")'
BY_ORDER = "OLD.\"state\" NOT IN ('applied', 'admitted', 'refused', 'withdrawn')"


def changed(*columns: str) -> str:
    """SQL: at least one of these columns gets another value (none of them may be null)."""
    return "(" + " OR ".join(f'OLD."{column}" <> NEW."{column}"' for column in columns) + ")"


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_initial")]
    operations = [
        forbid("enrolment_no_delete", "enrollment_enrolment", "DELETE", when=f"OLD.\"order_no\" <> '' OR {BY_ORDER}"),
        forbid(
            "enrolment_same_person",
            "enrollment_enrolment",
            "UPDATE",
            columns=["cohort_id", "listener_id"],
            when=f"{BY_ORDER} AND {changed('cohort_id', 'listener_id')}",
        ),
        forbid(
            "enrolment_same_order",
            "enrollment_enrolment",
            "UPDATE",
            columns=["order_no", "order_date"],
            when=f"OLD.\"order_no\" <> '' AND {changed('order_no', 'order_date')}",
        ),
        forbid("cohort_no_delete", "enrollment_cohort", "DELETE", when="OLD.\"state\" <> 'planned'"),
        forbid(
            "cohort_as_assessed",
            "enrollment_cohort",
            "UPDATE",
            columns=["edition_id", "rubric_id", "starts_on", "ends_on"],
            when="OLD.\"state\" IN ('assessing', 'closed') AND "
            + changed("edition_id", "rubric_id", "starts_on", "ends_on"),
        ),
        forbid(
            "consent_no_update",
            "enrollment_consenttext",
            "UPDATE",
            columns=["version", "text", "text_kk", "text_ru", "text_en"],
            when=USED,
        ),
        forbid("consent_no_delete", "enrollment_consenttext", "DELETE", when=USED),
    ]
