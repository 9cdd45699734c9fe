"""Self-assessments for tests."""

from assessment.checklists import load_checklist
from assessment.models import SelfAssessment
from assessment.self_assessing import answer_checklist
from enrollment.models import Enrolment


def all_levels(enrolment: Enrolment, level: int = 3) -> dict[int, int]:
    """The same level on every line of the edition's checklist, which is loaded."""
    checklist = load_checklist(enrolment.cohort.edition)
    return dict.fromkeys(checklist.competences.values_list("position", flat=True), level)


def give_checklist(  # type: ignore[no-untyped-def]
    enrolment: Enrolment, moment: str = "entry", *, level: int = 3, words: str = "", is_private: bool = False, **fields
) -> SelfAssessment:
    """What the listener answers now."""
    values = {"levels": all_levels(enrolment, level), "by": enrolment.listener.user} | fields
    return answer_checklist(enrolment=enrolment, moment=moment, words=words, is_private=is_private, **values)
