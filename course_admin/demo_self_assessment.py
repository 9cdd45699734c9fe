"""Self-assessments of the demonstration: at entry in a running cohort, at both ends in a finished one, some private."""

import random
from datetime import datetime, time

from django.utils import timezone

from assessment.checklists import current
from assessment.models import SelfAssessment
from assessment.work_list import TAKING
from enrollment.models import Cohort

CHANCE = random.Random(7)  # noqa: S311 - the same people answer the same each time
WORDS = {
    "entry": "Курстан ішкі мониторинг пен деректерді талдауды үйренуді күтемін.",
    "exit": "Енді басқару шешімдерін деректермен негіздей аламын; цифрлық құралдарды күнде қолданамын.",
}


def seed_self_assessments(*, running: Cohort, finished: Cohort) -> None:
    """Rows as they were answered in their weeks, which are over; nobody can answer them now."""
    for cohort, moments in ((running, ["entry"]), (finished, ["entry", "exit"])):
        checklist = current(cohort.edition)
        if checklist is None:
            raise AssertionError("the checklist is loaded before the demonstration")
        places = list(checklist.competences.values_list("position", flat=True))
        people = cohort.enrolments.filter(state__in=TAKING).by_name().select_related("listener__user")
        answered = sorted(people, key=lambda person: person.listener.user_id is None)[:10]
        for number, enrolment in enumerate(answered):
            before = {place: CHANCE.choice((1, 2, 2, 3, 3, 4)) for place in places}
            for moment in moments:
                gains = (0,) if moment == "entry" else (0, 1, 1, 2)
                day = cohort.starts_on if moment == "entry" else cohort.ends_on
                SelfAssessment.objects.create(
                    enrolment=enrolment,
                    checklist=checklist,
                    moment=moment,
                    levels={str(place): min(5, level + CHANCE.choice(gains)) for place, level in before.items()},
                    words=WORDS[moment] if number % 3 == 0 else "",
                    is_private=number % 4 == 3,
                    # Who has no account gave the answers on paper.
                    answered_by=enrolment.listener.user or cohort.trainers.all()[0],
                    answered_at=timezone.make_aware(datetime.combine(day, time(20, number))),
                )
