"""The form of a programme file (YAML). Reading checks everything and writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from programs import checked, grading, hours
from programs.checked import FileRefused
from programs.hours import Hours
from programs.models import (
    Band,
    Criterion,
    EditionItem,
    Level,
    Module,
    Programme,
    ProgrammeEdition,
    Source,
    StudyFormat,
    Term,
)
from programs.publishing import FIRST_YEAR, LAST_YEAR

MOST_HOURS = 1000
Row = dict[str, Any]  # values by the names of the model's fields, a text in each language


@dataclass(frozen=True)
class ProgrammeFile:
    """A checked programme: what its rows will hold."""

    programme: Row
    edition: Row
    acknowledgement: dict[str, str]
    modules: list[Row]
    items: list[Row]
    terms: list[Row]
    sources: list[Row]
    rubric_version: int
    criteria: list[Row]
    levels: dict[str, list[Row]]  # by criterion code
    bands: list[Row]


@dataclass(frozen=True)
class _Level:
    from_points: int
    to_points: int


@dataclass(frozen=True)
class _Band:
    from_total: int
    to_total: int
    passed: bool


def read_programme(path: Path) -> ProgrammeFile:
    """Read and check the file at `path`. Raises `FileRefused` with the place of the first mistake."""
    top = checked.keys(_loaded(path), "", "programme", "edition", "modules", "items", "terms", "sources", "rubric")
    edition, acknowledgement = _edition(top["edition"])
    rubric = checked.keys(top["rubric"], "rubric", "version", "criteria", "bands")
    criteria = _numbered(checked.each(rubric["criteria"], "rubric.criteria", _criterion))
    levels = {row["code"]: row.pop("levels") for row in criteria}
    programme = ProgrammeFile(
        programme=_programme(top["programme"]),
        edition=edition,
        acknowledgement=acknowledgement,
        modules=checked.each(top["modules"], "modules", _module),
        items=_items(top["items"]),
        terms=_numbered(checked.each(top["terms"], "terms", _term)),
        sources=checked.each(top["sources"], "sources", _source),
        rubric_version=checked.whole(rubric["version"], "rubric.version", 1, 1000),
        criteria=criteria,
        levels=levels,
        bands=checked.each(rubric["bands"], "rubric.bands", _band),
    )
    _check_together(programme)
    return programme


def _loaded(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileRefused(str(path), _("The file cannot be read: %(why)s.") % {"why": error.strerror}) from error
    except UnicodeDecodeError as error:
        raise FileRefused(str(path), _("The file is not text in UTF-8.")) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}, {mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise FileRefused(place, _("This is not YAML that can be read.")) from error


def _longest(model: type[models.Model], name: str) -> int | None:
    return next(field.max_length for field in model._meta.concrete_fields if field.name == name)


def _texts(found: Row, place: str, model: type[models.Model], *names: str) -> Row:
    """Translated fields of `model`: `title` becomes title_kk, title_ru, title_en."""
    return {
        f"{name}_{code}": text
        for name in names
        for code, text in checked.in_languages(found[name], f"{place}.{name}", _longest(model, name)).items()
    }


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [row | {"position": position} for position, row in enumerate(rows, start=1)]


def _programme(value: Any) -> Row:
    found = checked.keys(value, "programme", "code", "title")
    return _texts(found, "programme", Programme, "title") | {"code": checked.code(found["code"], "programme.code", 50)}


def _edition(value: Any) -> tuple[Row, dict[str, str]]:
    texts = ("title", "kind", "audience", "summary")
    found = checked.keys(value, "edition", "year", "volume_hours", "formats", *texts, optional=["acknowledgement"])
    study_format = partial(checked.one_of, allowed=StudyFormat.values)
    row = _texts(found, "edition", ProgrammeEdition, *texts) | {
        "year": checked.whole(found["year"], "edition.year", FIRST_YEAR, LAST_YEAR),
        "volume_hours": checked.whole(found["volume_hours"], "edition.volume_hours", 1, MOST_HOURS),
        "formats": checked.each(found["formats"], "edition.formats", study_format),
    }
    if found.get("acknowledgement") is None:
        return row, {}
    return row, checked.in_languages(found["acknowledgement"], "edition.acknowledgement")


def _module(value: Any, place: str) -> Row:
    aims = ("task", "outcome")
    found = checked.keys(value, place, "no", "title", "summary", *hours.KINDS, optional=[*aims, "final"])
    row = _texts(found, place, Module, "title", "summary", *(aim for aim in aims if aim in found))
    row |= {f"{aim}_{code}": "" for aim in aims if aim not in found for code in checked.LANGUAGES}
    row |= {kind: checked.whole(found[kind], f"{place}.{kind}", 0, MOST_HOURS) for kind in hours.KINDS}
    return row | {
        "no": checked.whole(found["no"], f"{place}.no", 1, 1000),
        "is_final": checked.truth(found.get("final", False), f"{place}.final"),
    }


def _items(value: Any) -> list[Row]:
    longest = _longest(EditionItem, "text")
    lists = checked.keys(value, "items", *EditionItem.Kind.values)
    rows: list[Row] = []
    for kind in EditionItem.Kind.values:
        lines = checked.each(lists[kind], f"items.{kind}", partial(checked.in_languages, longest=longest))
        rows += _numbered({f"text_{code}": text for code, text in line.items()} | {"kind": kind} for line in lines)
    return rows


def _term(value: Any, place: str) -> Row:
    return _texts(checked.keys(value, place, "term", "definition"), place, Term, "term", "definition")


def _source(value: Any, place: str) -> Row:
    found = checked.keys(value, place, "section", "no", "title", "url")
    return {
        "section": checked.one_of(found["section"], f"{place}.section", Source.Section.values),
        "no": checked.whole(found["no"], f"{place}.no", 1, 1000),
        "title": checked.text(found["title"], f"{place}.title"),
        "url": checked.address(found["url"], f"{place}.url", 500),
    }


def _criterion(value: Any, place: str) -> Row:
    optional = ("at_defence", "levels")
    found = checked.keys(value, place, "code", "max_points", "title", "short", "topic", optional=optional)
    levels = found.get("levels")
    return _texts(found, place, Criterion, "title", "short", "topic") | {
        "code": checked.code(found["code"], f"{place}.code", 20),
        "max_points": checked.whole(found["max_points"], f"{place}.max_points", 1, grading.MAX_TOTAL),
        "at_defence": checked.truth(found.get("at_defence", False), f"{place}.at_defence"),
        "levels": checked.each(levels, f"{place}.levels", _level) if levels is not None else [],
    }


def _level(value: Any, place: str) -> Row:
    found = checked.keys(value, place, "from_points", "to_points", "title", "text")
    bounds = {
        name: checked.whole(found[name], f"{place}.{name}", 0, grading.MAX_TOTAL)
        for name in ("from_points", "to_points")
    }
    return _texts(found, place, Level, "title", "text") | bounds


def _band(value: Any, place: str) -> Row:
    found = checked.keys(value, place, "code", "from_total", "to_total", "passed", "title", "short")
    bounds = {
        name: checked.whole(found[name], f"{place}.{name}", 0, grading.MAX_TOTAL) for name in ("from_total", "to_total")
    }
    return (
        _texts(found, place, Band, "title", "short")
        | bounds
        | {
            "code": checked.code(found["code"], f"{place}.code", 20),
            "passed": checked.truth(found["passed"], f"{place}.passed"),
        }
    )


def _check_together(programme: ProgrammeFile) -> None:
    """What a single value cannot show: nothing twice, points = 100, bands complete, rows within the volume."""
    _check_once("modules", "no", [row["no"] for row in programme.modules])
    _check_once("sources", "no", [(row["section"], row["no"]) for row in programme.sources])
    _check_once("rubric.criteria", "code", [row["code"] for row in programme.criteria])
    _check_once("rubric.bands", "code", [row["code"] for row in programme.bands])
    if sum(row["is_final"] for row in programme.modules) > 1:
        raise FileRefused("modules", _("Only one row can be the final attestation."))
    try:
        grading.check_criteria([row["max_points"] for row in programme.criteria])
        for row in programme.criteria:
            levels = [_Level(one["from_points"], one["to_points"]) for one in programme.levels[row["code"]]]
            grading.check_levels(levels, row["max_points"])
        grading.check_bands([_Band(row["from_total"], row["to_total"], row["passed"]) for row in programme.bands])
    except DomainError as error:
        raise FileRefused("rubric", error.sentence) from error
    total = hours.totals(Hours(**{kind: row[kind] for kind in hours.KINDS}) for row in programme.modules).total
    volume = programme.edition["volume_hours"]
    if total > volume:
        sentence = _("The rows of the plan sum to %(total)s hours, more than the declared volume of %(volume)s.")
        raise FileRefused("modules", sentence % {"total": total, "volume": volume})
    if total < volume and not programme.acknowledgement:
        sentence = _(
            "The rows of the plan sum to %(total)s of the declared %(volume)s hours, and nobody acknowledges it."
        )
        raise FileRefused("edition.acknowledgement", sentence % {"total": total, "volume": volume})


def _check_once(place: str, key: str, values: Sequence[Any]) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            raise FileRefused(f"{place}[{number}]", _("This “%(key)s” stands in the list already.") % {"key": key})
