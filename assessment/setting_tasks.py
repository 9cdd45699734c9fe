"""Assignments of a cohort: drafted, published, closed and opened again by its trainers or an administrator.

A draft may change in everything. Once published its words, module, criterion and kind stay as listeners read them (a
trigger holds that too); only the dates and the materials may change, and everybody concerned gets a letter about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment import work_letters
from assessment.models import Assignment, AssignmentState, WorkKind
from core import states
from core.errors import Refused
from enrollment.models import Cohort, CohortState
from programs.models import Criterion, Material, Module

LANGUAGES = [code for code, _name in settings.LANGUAGES]
BEFORE, AFTER = timedelta(days=30), timedelta(days=180)  # of the cohort's first and last day, for any date
ENDED = (CohortState.CLOSED, CohortState.CANCELLED)


@dataclass(frozen=True)
class Task:
    """What an assignment says. Texts by language; one that is missing is shown in the cohort's language."""

    module: Module
    criterion: Criterion
    kind: str
    title: dict[str, str]
    instructions: dict[str, str]
    due_at: datetime
    closes_at: datetime | None = None
    position: int = 10
    materials: Sequence[Material] = field(default_factory=tuple)


@transaction.atomic
def draft_assignment(*, cohort: Cohort, task: Task, by: User) -> Assignment:
    """A new draft, which listeners do not see.

    Raises `Refused` for anybody but an administrator or a trainer of the cohort, a cohort that is over, a criterion of
    another rubric, a module or material of another edition, without title or instructions, and dates out of limits.
    """
    refuse_stranger(cohort, by)
    assignment = Assignment(cohort=cohort)
    _write(assignment, task)
    states.born([assignment], by=by)
    return assignment


@transaction.atomic
def change_draft(*, assignment: Assignment, task: Task, by: User) -> Assignment:
    """Change a draft in everything. Raises as `draft_assignment`, and once it is published."""
    held = _held(assignment, by)
    if held.state != AssignmentState.DRAFT:
        raise Refused(_("The assignment is published: only its dates and materials can change now."))
    _write(held, task)
    return held


@transaction.atomic
def discard_draft(*, assignment: Assignment, by: User) -> None:
    """Take a draft away. Raises `Refused` once it is published: listeners have read it."""
    held = _held(assignment, by)
    if held.state != AssignmentState.DRAFT:
        raise Refused(_("Only a draft can be discarded. Close the assignment instead."))
    held.delete()


@transaction.atomic
def publish(*, assignment: Assignment, by: User, now: datetime | None = None) -> Assignment:
    """Draft → published: the cohort's listeners see it and hand in work. Raises `Refused` when it is due already.

    `now` is given only for what happened earlier and is told afterwards, as the demonstration does.
    """
    held = _held(assignment, by)
    if held.state == AssignmentState.DRAFT and held.due_at <= (now or timezone.now()):
        raise Refused(_("“%(title)s” is due already. Set a later date first.") % {"title": held.title})
    return _moved(held, AssignmentState.PUBLISHED, from_state=AssignmentState.DRAFT, by=by)


def publish_drafts(*, cohort: Cohort, by: User) -> tuple[list[Assignment], list[str]]:
    """Publish every draft of the cohort that can be; those published, and for the others the sentence that says why."""
    published, refusals = [], []
    for draft in cohort.assignments.filter(state=AssignmentState.DRAFT):
        try:
            published.append(publish(assignment=draft, by=by))
        except Refused as refusal:
            refusals.append(refusal.sentence)
    return published, refusals


@transaction.atomic
def close_assignment(*, assignment: Assignment, by: User) -> Assignment:
    """Published → closed: no more work is taken, what was handed in is answered all the same."""
    return _moved(_held(assignment, by), AssignmentState.CLOSED, from_state=AssignmentState.PUBLISHED, by=by)


@transaction.atomic
def open_again(*, assignment: Assignment, by: User) -> Assignment:
    """Closed → published; a moment after which no work was taken, and which is over, is lifted."""
    held = _held(assignment, by)
    closes_at = held.closes_at if held.closes_at and held.closes_at > timezone.now() else None
    return _moved(held, AssignmentState.PUBLISHED, from_state=AssignmentState.CLOSED, by=by, closes_at=closes_at)


@transaction.atomic
def reschedule(
    *, assignment: Assignment, due_at: datetime, closes_at: datetime | None, materials: Sequence[Material], by: User
) -> Assignment:
    """Other dates or materials of a published assignment; those who take the course get a letter about what changed.

    Nothing changed: no letter. What was handed in stays late or in time as it was. Raises `Refused` as
    `draft_assignment`, for a draft or a closed one, and for a new date that is over.
    """
    held = _held(assignment, by)
    if held.state != AssignmentState.PUBLISHED:
        raise Refused(_("Only a published assignment is rescheduled."))
    _check_dates(held.cohort, due_at, closes_at)
    _check_materials(held.cohort, materials)
    now = timezone.now()
    dates_change = (due_at, closes_at) != (held.due_at, held.closes_at)
    if (due_at != held.due_at and due_at <= now) or (closes_at and closes_at != held.closes_at and closes_at <= now):
        raise Refused(_("The new date is over already."))
    materials_change = {one.pk for one in materials} != set(held.materials.values_list("pk", flat=True))
    held.due_at, held.closes_at = due_at, closes_at
    held.save(update_fields=["due_at", "closes_at"])
    held.materials.set(materials)
    if dates_change or materials_change:
        work_letters.tell_changed(held, dates=dates_change, materials=materials_change)
    return held


def may_set(cohort: Cohort, user: User) -> bool:
    """Whether this person sets the cohort's assignments: an administrator, or a trainer of it."""
    return Role.ADMINISTRATOR in user.roles or cohort.trainers.filter(pk=user.pk).exists()


def refuse_stranger(cohort: Cohort, by: User) -> None:
    """Raises `Refused` for who does not set the assignments of this cohort."""
    if not may_set(cohort, by):
        raise Refused(_("Assignments are set by an administrator or a trainer of the cohort."))


def _held(assignment: Assignment, by: User) -> Assignment:
    """The stored row, held until the transaction ends."""
    held = Assignment.objects.select_for_update(of=("self",)).select_related("cohort__edition").get(pk=assignment.pk)
    refuse_stranger(held.cohort, by)
    return held


def _moved(held: Assignment, to: str, *, from_state: str, by: User, **fields: Any) -> Assignment:
    """Moved, or as it is when it is there already."""
    if held.state == to:
        return held
    if held.state != from_state:
        raise Refused(
            _("This is not possible now: the assignment is “%(state)s”.") % {"state": held.get_state_display()}
        )
    if to == AssignmentState.PUBLISHED and held.cohort.state in ENDED:
        raise Refused(_("The cohort is over."))
    return states.move(held, to, by=by, **fields)


def _write(assignment: Assignment, task: Task) -> None:
    cohort = assignment.cohort
    if cohort.state in ENDED:
        raise Refused(_("The cohort is over."))
    if task.module.edition_id != cohort.edition_id:
        raise Refused(_("The module belongs to another edition."))
    if task.criterion.rubric_id != cohort.rubric_id:
        raise Refused(_("The criterion is not of the cohort's rubric."))
    if task.kind not in WorkKind.values:
        raise Refused(_("Choose the kind from the list."))
    _check_dates(cohort, task.due_at, task.closes_at)
    _check_materials(cohort, task.materials)
    for name, texts in (("title", task.title), ("instructions", task.instructions)):
        for code, text in _in_languages(cohort, texts).items():
            setattr(assignment, f"{name}_{code}", text)
    for name in ("module", "criterion", "kind", "due_at", "closes_at", "position"):
        setattr(assignment, name, getattr(task, name))
    with translation.override(settings.LANGUAGE_CODE):  # the column without a language is Kazakh, whoever writes
        assignment.save()
    assignment.materials.set(task.materials)


def _in_languages(cohort: Cohort, texts: dict[str, str]) -> dict[str, str]:
    """The texts without spaces around them. Kazakh, to which the others fall back, is never empty."""
    clean = {code: texts.get(code, "").replace("\r\n", "\n").strip() for code in LANGUAGES}
    if not clean[cohort.language]:
        raise Refused(_("Write title and instructions in the language of the cohort."))
    return clean | {"kk": clean["kk"] or clean[cohort.language]}


def _check_dates(cohort: Cohort, due_at: datetime, closes_at: datetime | None) -> None:
    first, last = cohort.starts_on - BEFORE, cohort.ends_on + AFTER
    if closes_at is not None and closes_at < due_at:
        raise Refused(_("Work cannot be refused before it is due."))
    for moment in filter(None, (due_at, closes_at)):
        if not first <= timezone.localdate(moment) <= last:
            raise Refused(
                _("The dates lie between %(first)s and %(last)s.")
                % {
                    "first": date_format(first, "SHORT_DATE_FORMAT"),
                    "last": date_format(last, "SHORT_DATE_FORMAT"),
                }
            )


def _check_materials(cohort: Cohort, materials: Sequence[Material]) -> None:
    if any(one.edition_id != cohort.edition_id for one in materials):
        raise Refused(_("The material belongs to another edition."))
