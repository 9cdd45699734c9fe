"""What the answers to a checklist come to: one person's picture, a cohort's, and who has not answered."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessment.models import Checklist, SelfAssessment
from assessment.self_assessing import ENTRY, EXIT, TAKING, windows
from assessment.self_pictures import Picture, means, picture
from enrollment.models import Cohort, Enrolment


def drawn(checklist: Checklist, given: Sequence[SelfAssessment]) -> Picture:
    """The picture of one person's answers."""
    levels: dict[str, Any] = {one.moment: one.levels for one in given}
    return picture(checklist.competences.all(), levels.get(ENTRY, {}), levels.get(EXIT, {}))


def not_answered(user: User, cohort: Cohort, answers: Sequence[SelfAssessment]) -> dict[str, list[Enrolment]]:
    """Who has not answered, by moment; for trainers, as to others a gap would tell of a private answer."""
    if not cohort.trainers.filter(pk=user.pk).exists():
        return {}
    people = list(cohort.enrolments.filter(state__in=TAKING[EXIT]).by_name())
    today = timezone.localdate()
    return {
        str(moment): [person for person in people if (person.pk, moment) not in given]
        for given in [{(one.enrolment_id, one.moment) for one in answers}]
        for moment in (ENTRY, EXIT)
        if windows(cohort.starts_on, cohort.ends_on, None)[moment].opens_on <= today
    }


def mean_picture(answers: Sequence[SelfAssessment], checklists: dict[int, Checklist]) -> Picture | None:
    """The means of the version that most people answered; None of fewer than five."""
    counts: dict[int, int] = {}
    for one in answers:
        counts[one.checklist_id] = counts.get(one.checklist_id, 0) + 1
    if not counts:
        return None
    most = checklists[max(counts, key=lambda key: (counts[key], key))]
    mean = {
        moment: means([one.levels for one in answers if one.moment == moment and one.checklist_id == most.pk])
        for moment in (ENTRY, EXIT)
    }
    return picture(most.competences.all(), mean[ENTRY], mean[EXIT]) if mean[ENTRY] or mean[EXIT] else None
