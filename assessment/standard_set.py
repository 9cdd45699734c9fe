"""The standard assignments of the approved programme, set up as drafts for a cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import programs
from accounts.models import User
from assessment.models import Assignment, WorkKind
from assessment.setting_tasks import Task, draft_assignment, refuse_stranger
from core.errors import Refused
from enrollment.models import Cohort
from programs import checked
from programs.models import Module

FILE = Path(programs.__file__).resolve().parent / "data" / "work_2026.yaml"
DUE = time(23, 59)  # by the clocks of Almaty
STEP = 10  # between places in the list


@dataclass(frozen=True)
class Standard:
    """One assignment of the set; `days` after the module's last session, before its first when below 0."""

    module: int
    kind: str
    criterion: str
    days: int
    title: dict[str, str]
    instructions: dict[str, str]


@cache
def standard_set() -> tuple[Standard, ...]:
    """The set of the file that is shipped. Raises `FileRefused` with the place of a mistake."""
    top = checked.keys(yaml.safe_load(FILE.read_text(encoding="utf-8")), "", "assignments")
    return tuple(checked.each(top["assignments"], "assignments", _standard))


def _standard(value: Any, place: str) -> Standard:
    found = checked.keys(value, place, "module", "kind", "criterion", "days", "title", "instructions")
    return Standard(
        module=checked.whole(found["module"], f"{place}.module", 1, 1000),
        kind=checked.one_of(found["kind"], f"{place}.kind", WorkKind.values),
        criterion=checked.code(found["criterion"], f"{place}.criterion", 20),
        days=checked.whole(found["days"], f"{place}.days", -30, 30),
        title=checked.in_languages(found["title"], f"{place}.title", 200),
        instructions=checked.in_languages(found["instructions"], f"{place}.instructions", 5000),
    )


@transaction.atomic
def set_up_standard(*, cohort: Cohort, by: User) -> list[Assignment]:
    """Drafts of the standard assignments that the cohort lacks, due by its timetable; returns those made now.

    A module that has an assignment of the same kind keeps it as it is, so a second call makes nothing. What has no
    module or criterion in the cohort's edition is left out. Raises `Refused` for a stranger, for a cohort that is over,
    and when nothing of the set fits.
    """
    refuse_stranger(cohort, by)
    held = Cohort.objects.select_for_update(of=("self",)).select_related("edition", "rubric").get(pk=cohort.pk)
    modules = {module.no: module for module in held.edition.modules.all()}
    criteria = {criterion.code: criterion for criterion in held.rubric.criteria.all()}
    fitting = [one for one in standard_set() if one.module in modules and one.criterion in criteria]
    if not fitting:
        raise Refused(_("The standard set does not fit the programme edition of this cohort."))
    known = set(held.assignments.values_list("module__no", "kind"))
    spans = module_spans(held, list(modules.values()))
    defence = next((spans[no][0] for no, module in modules.items() if module.is_final), held.ends_on)
    made = []
    for place, one in enumerate(fitting, start=1):
        if (one.module, one.kind) in known:
            continue
        task = Task(
            module=modules[one.module],
            criterion=criteria[one.criterion],
            kind=one.kind,
            title=one.title,
            instructions=one.instructions,
            due_at=_due(spans[one.module], one.days, defence),
            position=place * STEP,
        )
        made.append(draft_assignment(cohort=held, task=task, by=by))
    return made


def module_spans(cohort: Cohort, modules: Sequence[Module]) -> dict[int, tuple[date, date]]:
    """First and last day of each module by number: by the timetable, else by its share of the hours of the plan."""
    spans = _by_hours(cohort, modules)
    for no, starts_at in cohort.sessions.standing().order_by("-starts_at").values_list("module__no", "starts_at"):
        day = timezone.localdate(starts_at)
        last = spans[no][1] if no in spans and spans[no][2] else day
        spans[no] = (day, last, True)
    return {no: (first, last) for no, (first, last, _is_timetabled) in spans.items()}


def _by_hours(cohort: Cohort, modules: Sequence[Module]) -> dict[int, tuple[date, date, bool]]:
    days = (cohort.ends_on - cohort.starts_on).days
    total, before, spans = max(1, sum(module.hours for module in modules)), 0, {}
    for module in sorted(modules, key=lambda one: one.no):
        after = before + module.hours
        first = cohort.starts_on + timedelta(days=days * before // total)
        spans[module.no] = (first, cohort.starts_on + timedelta(days=days * after // total), False)
        before = after
    return spans


def _due(span: tuple[date, date], days: int, defence: date) -> datetime:
    """The end of the day, so many days after the module's last one or before its first.

    Before the day of the defence, so that points can be given in time, but never while the module still runs.
    """
    day = (span[1] if days >= 0 else span[0]) + timedelta(days=days)
    if days >= 0:
        day = min(day, max(span[1], defence - timedelta(days=1)))
    return timezone.make_aware(datetime.combine(day, DUE))
