"""Versions of the competence checklist: shipped, copied to a draft, edited, published; published ones never change."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

import programs
from accounts.models import Role, User
from assessment.models import Checklist, ChecklistState, Competence
from core import states
from core.errors import Refused
from programs import checked
from programs.models import ProgrammeEdition

FILE = Path(programs.__file__).resolve().parent / "data" / "checklist_2026.yaml"
COPIED = ("module_no", *(f"{name}_{code}" for name in ("text", "short") for code in checked.LANGUAGES))


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The lines of the file that is shipped, as fields of a Competence. Raises `FileRefused` with the place."""
    top = checked.keys(yaml.safe_load(FILE.read_text(encoding="utf-8")), "", "competences")
    return tuple(checked.each(top["competences"], "competences", _line))


def _line(value: Any, place: str) -> dict[str, Any]:
    found = checked.keys(value, place, "module", "short", "text")
    module = found["module"]
    return {
        "module_no": None if module is None else checked.whole(module, f"{place}.module", 1, 1000),
        **_named("text", checked.in_languages(found["text"], f"{place}.text", 300)),
        **_named("short", checked.in_languages(found["short"], f"{place}.short", 60)),
    }


def _named(name: str, words: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{code}": text for code, text in words.items()}


def current(edition: ProgrammeEdition) -> Checklist | None:
    """The newest published version of the edition."""
    return edition.checklists.filter(state=ChecklistState.PUBLISHED).order_by("version").last()


@transaction.atomic
def load_checklist(edition: ProgrammeEdition) -> Checklist:
    """The shipped checklist for an edition that has none, published; otherwise what it has, unchanged."""
    edition = ProgrammeEdition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    known = edition.checklists.order_by("version").last()
    if known is not None:
        return known
    with override(settings.LANGUAGE_CODE):
        return _publish(_draft(edition, shipped(), None), None)


def _refuse_others(by: User) -> None:
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("The checklist is kept by administrators."))


@transaction.atomic
def draft_checklist(*, edition: ProgrammeEdition, by: User) -> Checklist:
    """A draft of the next version with the lines of the newest one, or of the shipped list; the draft there is."""
    _refuse_others(by)
    edition = ProgrammeEdition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    newest = edition.checklists.order_by("version").last()
    if newest is not None and newest.state == ChecklistState.DRAFT:
        return newest
    lines = [{name: getattr(one, name) for name in COPIED} for one in newest.competences.all()] if newest else shipped()
    return _draft(edition, lines, by)


def _draft(edition: ProgrammeEdition, lines: Any, by: User | None) -> Checklist:
    newest = edition.checklists.order_by("version").last()
    checklist = Checklist(edition=edition, version=newest.version + 1 if newest else 1)
    checklist.save()
    states.born([checklist], by=by)
    Competence.objects.bulk_create(
        Competence(checklist=checklist, position=place, **line) for place, line in enumerate(lines, start=1)
    )
    return checklist


@transaction.atomic
def publish_checklist(*, checklist: Checklist, by: User) -> Checklist:
    """From now on it is answered and never changes. Raises `Refused` for one without lines or with words missing."""
    _refuse_others(by)
    return _publish(Checklist.objects.select_for_update(of=("self",)).get(pk=checklist.pk), by)


def _publish(checklist: Checklist, by: User | None) -> Checklist:
    lines = list(checklist.competences.all())
    if not lines:
        raise Refused(_("The checklist has no lines."))
    for line in lines:
        if not all(getattr(line, name) for name in COPIED[1:]):
            raise Refused(_("Line %(no)s lacks words in one of the languages.") % {"no": line.position})
    return states.move(checklist, ChecklistState.PUBLISHED, by=by)
