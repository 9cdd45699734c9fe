"""What was handed in and answered is never changed (I10); what a person wrote goes when their data are erased."""

from django.db import migrations

from core.triggers import forbid

# The columns without a language follow whoever saves, so they are not looked at.
TEXTS = [f"{name}_{code}" for name in ("title", "instructions") for code in ("kk", "ru", "en")]
ASSIGNED = ["cohort_id", "module_id", "criterion_id", "kind", *TEXTS]
ANSWERED = ["version_id", "verdict", "by_id", "at"]
VERSION = ["submission_id", "no", "is_late", "handed_in_by_id", "handed_in_at", "request_key"]
FILE = ["version_id", "content_type", "size", "sha256"]


def changed(*columns: str) -> str:
    """SQL: at least one of these columns gets another value."""
    return "(" + " OR ".join(f'(OLD."{c}" <> NEW."{c}" OR (OLD."{c}" IS NULL) <> (NEW."{c}" IS NULL))' for c in columns) + ")"


def erased(submission: str) -> str:
    """SQL: the data of the person whose submission it is are erased."""
    return (
        "EXISTS (SELECT 1 FROM assessment_submission s JOIN enrollment_enrolment e ON e.id = s.enrolment_id"
        f" JOIN enrollment_listener l ON l.id = e.listener_id WHERE s.id = {submission} AND l.pseudonymised_at IS NOT NULL)"
    )


OF_VERSION = "(SELECT submission_id FROM assessment_version WHERE id = OLD.version_id)"
HANDED_IN = "EXISTS (SELECT 1 FROM assessment_submission s WHERE s.assignment_id = OLD.id)"


def only_erased(name: str, table: str, kept: list[str], personal: list[str], submission: str) -> migrations.RunPython:
    """Refuse every change but that what the person wrote goes with the person's data."""
    when = f"{changed(*kept)} OR ({changed(*personal)} AND NOT {erased(submission)})"
    return forbid(name, table, "UPDATE", when=when)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_frozen_defences")]
    operations = [
        forbid("assignment_no_delete", "assessment_assignment", "DELETE", when=f"OLD.state <> 'draft' OR {HANDED_IN}"),
        forbid(
            "assignment_as_published",
            "assessment_assignment",
            "UPDATE",
            columns=ASSIGNED,
            when=f"OLD.state <> 'draft' AND {changed(*ASSIGNED)}",
        ),
        forbid("submission_no_delete", "assessment_submission", "DELETE"),
        forbid("submission_of_whom", "assessment_submission", "UPDATE", columns=["assignment_id", "enrolment_id"],
               when=changed("assignment_id", "enrolment_id")),
        only_erased("version_no_update", "assessment_version", VERSION, ["text"], "OLD.submission_id"),
        forbid("version_no_delete", "assessment_version", "DELETE"),
        only_erased("submitted_file_no_update", "assessment_submittedfile", FILE, ["name", "file"], OF_VERSION),
        forbid("submitted_file_no_delete", "assessment_submittedfile", "DELETE"),
        only_erased("feedback_no_update", "assessment_feedback", ANSWERED, ["words"], OF_VERSION),
        forbid("feedback_no_delete", "assessment_feedback", "DELETE"),
    ]
