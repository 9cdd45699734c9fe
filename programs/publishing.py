"""The way of an edition from draft to archive, and of a rubric version into force. Every step is audited (I5)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import states
from core.errors import MoveRefused, Refused
from programs import grading, hours
from programs.models import EditionState, Level, Material, ProgrammeEdition, Rubric, RubricState

if TYPE_CHECKING:
    from accounts.models import User

FIRST_YEAR, LAST_YEAR = 2000, 2100


class PlanRefused(Refused):
    """A plan that cannot be approved as it stands."""


class AcknowledgementNeeded(PlanRefused):
    """The rows fall short of the volume and the approver has not said so in writing."""


def discuss(*, edition: ProgrammeEdition, by: "User | None", reason: str = "", basis: str = "") -> ProgrammeEdition:
    """Put a draft out for public discussion. Raises `MoveRefused` from any other state."""
    return states.move(edition, EditionState.DISCUSSION, by=by, reason=reason, basis=basis)


def back_to_draft(
    *, edition: ProgrammeEdition, by: "User | None", reason: str = "", basis: str = ""
) -> ProgrammeEdition:
    """Take a discussed or agreed edition back for editing. An approved one never comes back (`MoveRefused`)."""
    return states.move(edition, EditionState.DRAFT, by=by, reason=reason, basis=basis)


def agree(*, edition: ProgrammeEdition, by: "User | None", reason: str = "", basis: str = "") -> ProgrammeEdition:
    """Record that a discussed edition is agreed. Raises `MoveRefused` from any other state."""
    return states.move(edition, EditionState.AGREED, by=by, reason=reason, basis=basis)


@transaction.atomic
def approve(
    *,
    edition: ProgrammeEdition,
    by: "User | None",
    acknowledgement: str | Mapping[str, str] = "",
    reason: str = "",
    basis: str = "",
) -> ProgrammeEdition:
    """Approve an agreed edition: from here on its texts, plan and rubrics refuse to change.

    Guarantees rows ≤ volume, and of every rubric: criteria sum to 100, bands cover 0..100 once. Rows below the volume
    need `acknowledgement`, the approver's own words (or words by language code); it is stored with the approver's name,
    or the institute's when `by` is None. Raises `PlanRefused`, `RubricRefused` or `MoveRefused` and changes nothing.
    """
    held = ProgrammeEdition.objects.select_for_update().get(pk=edition.pk)
    if not held.can_move(EditionState.APPROVED):
        raise MoveRefused()
    rubrics = list(held.rubrics.prefetch_related("criteria", "bands"))
    if not rubrics:
        raise PlanRefused(_("The edition has no rubric."))
    for rubric in rubrics:
        check_rubric(rubric)
    words = _acknowledged(held, acknowledgement)
    states.move(
        edition,
        EditionState.APPROVED,
        by=by,
        reason=reason,
        basis=basis,
        acknowledged_by=_name_of(by) if words else "",
        **{f"acknowledgement_{language}": words.get(language, "") for language, _name in settings.LANGUAGES},
    )
    for rubric in rubrics:
        if rubric.state == RubricState.DRAFT:
            states.move(rubric, RubricState.PUBLISHED, by=by, basis=basis)
    return edition


def put_in_use(*, edition: ProgrammeEdition, by: "User | None", reason: str = "", basis: str = "") -> ProgrammeEdition:
    """Take an approved edition into use. Raises `MoveRefused` from any other state."""
    return states.move(edition, EditionState.IN_USE, by=by, reason=reason, basis=basis)


def archive(*, edition: ProgrammeEdition, by: "User | None", reason: str = "", basis: str = "") -> ProgrammeEdition:
    """Close an approved edition or one in use to new cohorts; what rests on it stays as it is."""
    return states.move(edition, EditionState.ARCHIVED, by=by, reason=reason, basis=basis)


@transaction.atomic
def new_edition(*, edition: ProgrammeEdition, year: int, by: "User | None") -> ProgrammeEdition:
    """A draft for `year` with everything of `edition`: texts, plan, lists, glossary, reading list, current rubric.

    The acknowledgement is not copied: whoever approves the new edition gives their own. Refuses a year outside
    2000..2100 and a year that the programme already has.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("The year of an edition lies between 2000 and 2100."))
    taken = ProgrammeEdition.objects.select_for_update().filter(programme_id=edition.programme_id)
    if year in {other.year for other in taken}:
        raise Refused(_("The programme already has an edition %(year)s.") % {"year": year})
    draft = _copied(
        edition,
        year=year,
        state=EditionState.DRAFT,
        acknowledged_by="",
        **{f"acknowledgement_{language}": "" for language, _name in settings.LANGUAGES},
    )
    draft.save()
    with override(settings.LANGUAGE_CODE):  # the audit trail keeps one language
        states.born([draft], by=by, reason=_("A copy of edition %(year)s") % {"year": edition.year})
    for rows in (edition.modules, edition.items, edition.terms, edition.sources):
        rows.model.objects.bulk_create([_copied(row, edition=draft) for row in rows.all()])
    modules = {module.no: module for module in draft.modules.all()}
    Material.objects.bulk_create(
        [
            _copied(row, edition=draft, module=modules[row.module.no] if row.module else None)
            for row in edition.materials.select_related("module")
        ]
    )
    _copied_rubric(edition.current_rubric() or edition.rubrics.last(), edition=draft, version=1, by=by)
    return draft


@transaction.atomic
def new_rubric(*, edition: ProgrammeEdition, by: "User | None") -> Rubric:
    """A draft of the next rubric version, copied from the latest; the draft that there is already, if there is one.

    Refused for an archived edition.
    """
    held = ProgrammeEdition.objects.select_for_update().get(pk=edition.pk)
    if held.state == EditionState.ARCHIVED:
        raise Refused(_("The edition is archived; no cohort will run on it any more."))
    latest = held.rubrics.order_by("-version").first()
    if latest is not None and latest.state == RubricState.DRAFT:
        return latest
    return _copied_rubric(latest, edition=held, version=latest.version + 1 if latest else 1, by=by)


@transaction.atomic
def publish_rubric(*, rubric: Rubric, by: "User | None", reason: str = "", basis: str = "") -> Rubric:
    """Put a rubric version into force for the cohorts still to be opened; those that run keep theirs.

    Refused unless its criteria sum to 100, its bands cover 0..100 and its edition is in force: the rubrics of a draft
    edition come into force when the edition is approved.
    """
    edition = ProgrammeEdition.objects.select_for_update().get(pk=rubric.edition_id)
    if not edition.is_in_force:
        raise Refused(_("A rubric comes into force together with its edition, when that is approved."))
    check_rubric(rubric)
    return states.move(rubric, RubricState.PUBLISHED, by=by, reason=reason, basis=basis)


def check_rubric(rubric: Rubric) -> None:
    """Raise `RubricRefused` unless the rubric can judge: criteria = 100, bands complete (I12)."""
    grading.check_criteria([criterion.max_points for criterion in rubric.criteria.all()])
    grading.check_bands(rubric.bands.all())
    for criterion in rubric.criteria.all():
        grading.check_levels(criterion.levels.all(), criterion.max_points)


def _acknowledged(edition: ProgrammeEdition, words: str | Mapping[str, str]) -> dict[str, str]:
    """The approver's words by language, none when the rows make up the volume. Raises `PlanRefused`."""
    plan = hours.totals(edition.modules.all())
    missing = hours.unallotted(edition.volume_hours, plan)
    if not plan.total:
        raise PlanRefused(_("The plan has no hours."))
    if missing < 0:
        raise PlanRefused(
            _("The rows of the plan sum to %(total)s hours, more than the declared volume of %(volume)s.")
            % {"total": plan.total, "volume": edition.volume_hours}
        )
    if not missing:
        return {}
    # Whatever language the approver writes in, the words are kept where every reader is shown them.
    given = {settings.LANGUAGE_CODE: words} if isinstance(words, str) else dict(words)
    given = {language: text.strip() for language, text in given.items() if text.strip()}
    if settings.LANGUAGE_CODE not in given:
        raise AcknowledgementNeeded(
            _("The rows of the plan sum to %(total)s of the declared %(volume)s hours. To approve it, acknowledge the "
              "difference in writing.") % {"total": plan.total, "volume": edition.volume_hours}
        )  # fmt: skip
    return given


def _name_of(user: "User | None") -> str:
    return user.full_name if user else settings.INSTITUTE_NAME[settings.LANGUAGE_CODE]


def _copied(row: models.Model, **changes: Any) -> Any:
    """An unsaved twin of `row` with `changes`."""
    with override(settings.LANGUAGE_CODE):
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
        for name in changes:
            values.pop(name, None)
            values.pop(f"{name}_id", None)
        return type(row)(**values, **changes)


def _copied_rubric(source: Rubric | None, *, edition: ProgrammeEdition, version: int, by: "User | None") -> Rubric:
    rubric = Rubric.objects.create(edition=edition, version=version)
    states.born([rubric], by=by)
    if source is not None:
        for rows in (source.criteria, source.bands):
            rows.model.objects.bulk_create([_copied(row, rubric=rubric) for row in rows.all()])
        criteria = {criterion.code: criterion for criterion in rubric.criteria.all()}
        levels = Level.objects.filter(criterion__rubric=source).select_related("criterion")
        Level.objects.bulk_create([_copied(row, criterion=criteria[row.criterion.code]) for row in levels])
    return rubric
