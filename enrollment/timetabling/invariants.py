"""What must always hold about the timetable."""

from collections.abc import Iterator

from django.db.models import F

from enrollment.models import Session
from enrollment.timetabling.checks import all_clashes
from enrollment.timetabling.diary import meeting_of


def broken() -> Iterator[str]:
    """One line per broken invariant: nobody and no room is in two places at once, modules are the cohort's."""
    meetings = [meeting_of(session) for session in Session.objects.standing().order_by("starts_at", "pk")]
    for finding in all_clashes(meetings):
        if finding.other and (finding.meeting.key or 0) < (finding.other.key or 0):
            yield f"session {finding.meeting.key} and {finding.other.key}: {finding.trouble.name.lower()}"
    for pk in Session.objects.exclude(module__edition=F("cohort__edition")).values_list("pk", flat=True):
        yield f"session {pk}: its module belongs to another edition than its cohort"
