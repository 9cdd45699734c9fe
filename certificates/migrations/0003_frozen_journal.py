"""What the journal says stays (I9): a row only learns, once, where it stands in the file."""

from django.db import migrations

from core.triggers import forbid

SAID = ["key", "event", "token", "number", "facts", "at"]


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_frozen")]
    operations = [
        forbid("journal_no_delete", "certificates_journalentry", "DELETE"),
        forbid("journal_said", "certificates_journalentry", "UPDATE", columns=SAID),
        forbid(
            "journal_written",
            "certificates_journalentry",
            "UPDATE",
            columns=["line", "digest"],
            when="OLD.line IS NOT NULL",
        ),
    ]
