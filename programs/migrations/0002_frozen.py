"""What cohorts and documents rest on is frozen: an approved edition with all its rows, and a published rubric (I10).

An edition in force may still gain another rubric version: its rows are written while that version is a draft.
"""

from django.db import migrations

from core.triggers import forbid

LOCKED = "'approved', 'in_use', 'archived'"
LANGUAGES = ("", "_kk", "_ru", "_en")
EDITION_TEXTS = ("title", "kind", "audience", "summary", "acknowledgement")
EDITION_COLUMNS = [
    *("programme_id", "year", "volume_hours", "formats", "acknowledged_by"),
    *(f"{text}{language}" for text in EDITION_TEXTS for language in LANGUAGES),
]
# Once approved, an edition moves forward only.
STATE_GOES_BACK = (
    "(OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'in_use', 'archived'))"
    " OR (OLD.state = 'in_use' AND NEW.state NOT IN ('in_use', 'archived'))"
    " OR (OLD.state = 'archived' AND NEW.state <> 'archived')"
)


def _edition_locked(*rows: str) -> str:
    ids = ", ".join(f"{row}.edition_id" for row in rows)
    return f"EXISTS (SELECT 1 FROM programs_programmeedition e WHERE e.id IN ({ids}) AND e.state IN ({LOCKED}))"


def _rubric_closed(*rows: str) -> str:
    ids = ", ".join(f"{row}.rubric_id" for row in rows)
    return (
        "EXISTS (SELECT 1 FROM programs_rubric r JOIN programs_programmeedition e ON e.id = r.edition_id"
        f" WHERE r.id IN ({ids}) AND (r.state = 'published' OR e.state = 'archived'))"
    )


def _each_change(table: str, condition):  # type: ignore[no-untyped-def]
    """Refuse all three kinds of change of a row that belongs to something closed."""
    name = table.removeprefix("programs_")
    return [
        forbid(f"{name}_no_insert", table, "INSERT", when=condition("NEW")),
        forbid(f"{name}_no_update", table, "UPDATE", when=condition("OLD", "NEW")),
        forbid(f"{name}_no_delete", table, "DELETE", when=condition("OLD")),
    ]


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [
        forbid("edition_no_edit", "programs_programmeedition", "UPDATE", columns=EDITION_COLUMNS, when=f"OLD.state IN ({LOCKED})"),
        forbid("edition_no_return", "programs_programmeedition", "UPDATE", columns=["state"], when=STATE_GOES_BACK),
        forbid("edition_no_delete", "programs_programmeedition", "DELETE", when=f"OLD.state IN ({LOCKED})"),
        *_each_change("programs_module", _edition_locked),
        *_each_change("programs_editionitem", _edition_locked),
        *_each_change("programs_term", _edition_locked),
        *_each_change("programs_source", _edition_locked),
        forbid(
            "rubric_no_insert", "programs_rubric", "INSERT",
            when="EXISTS (SELECT 1 FROM programs_programmeedition e WHERE e.id = NEW.edition_id AND e.state = 'archived')",
        ),
        forbid("rubric_no_update", "programs_rubric", "UPDATE", when="OLD.state = 'published'"),
        forbid("rubric_no_delete", "programs_rubric", "DELETE", when="OLD.state = 'published'"),
        *_each_change("programs_criterion", _rubric_closed),
        *_each_change("programs_band", _rubric_closed),
    ]
