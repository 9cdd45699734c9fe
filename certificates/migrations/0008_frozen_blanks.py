"""What happened to a blank stays (R3): deliveries, acts, used and ended blanks; nothing is deleted."""

from django.db import migrations

from core.triggers import forbid

CAME = ["delivery_id", "series", "number"]


class Migration(migrations.Migration):
    dependencies = [("certificates", "0007_frozen_bases")]
    operations = [
        forbid("blank_no_delete", "certificates_blank", "DELETE"),
        forbid("blank_came", "certificates_blank", "UPDATE", columns=CAME),
        forbid(
            "blank_ended",
            "certificates_blank",
            "UPDATE",
            columns=["state", "document_id", "act_id"],
            when="OLD.state IN ('used', 'written_off')",
        ),
        forbid(
            "blank_bore",
            "certificates_blank",
            "UPDATE",
            columns=["document_id"],
            when="OLD.state IN ('spoiled', 'lost')",
        ),
        forbid("blank_delivery_no_delete", "certificates_blankdelivery", "DELETE"),
        forbid("blank_delivery_frozen", "certificates_blankdelivery", "UPDATE"),
        forbid("write_off_act_no_delete", "certificates_writeoffact", "DELETE"),
        forbid("write_off_act_frozen", "certificates_writeoffact", "UPDATE"),
    ]
