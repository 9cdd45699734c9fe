"""What must always hold of self-assessments: levels 1..5 for each line of their version; exit as entry."""

from collections import defaultdict
from collections.abc import Iterator

from assessment.models import LEVELS, ChecklistState, Competence, SelfAssessment


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    places: dict[int, set[str]] = defaultdict(set)
    for checklist, position in Competence.objects.values_list("checklist", "position"):
        places[checklist].add(str(position))
    versions: dict[int, int] = {}
    for one in SelfAssessment.objects.select_related("checklist").order_by("pk").iterator(chunk_size=500):
        where = f"self-assessment {one.pk}"
        if set(one.levels) != places[one.checklist_id] or any(level not in LEVELS for level in one.levels.values()):
            yield f"{where}: its levels are not those of its checklist"
        if one.checklist.state != ChecklistState.PUBLISHED:
            yield f"{where}: its checklist is not published"
        if versions.setdefault(one.enrolment_id, one.checklist_id) != one.checklist_id:
            yield f"{where}: entry and exit are of different versions"
