"""Taking an approved programme from its file into the database."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import states
from core.errors import Refused
from core.triggers import MESSAGE
from programs import publishing
from programs.models import Level, Programme, ProgrammeEdition, Rubric
from programs.programme_file import ProgrammeFile, Row, read_programme

SHIPPED = Path(__file__).resolve().parent / "data" / "programme_2026.yaml"


class EditionDiffers(Refused):
    """The file says otherwise than an edition that no longer changes."""


def load_programme(path: Path | str | None = None) -> ProgrammeEdition:
    """The edition of the programme file at `path` (the shipped one by default), approved and audited.

    A draft edition of the same year takes over what the file says and is approved. Loading the same file again changes
    nothing at all. A file that differs from an edition beyond its draft is refused (`EditionDiffers`), a file with a
    mistake too (`FileRefused` names the place); then nothing is written.
    """
    programme = read_programme(Path(path) if path else SHIPPED)
    with transaction.atomic():
        return _load(programme)


def _load(file: ProgrammeFile) -> ProgrammeEdition:
    code, year = file.programme["code"], file.edition["year"]
    Programme.objects.get_or_create(code=code, defaults=file.programme)
    programme = Programme.objects.select_for_update().get(code=code)
    edition = ProgrammeEdition.objects.filter(programme=programme, year=year).first()
    if edition and not edition.is_editable:
        if differences := _differences(edition, file):
            raise EditionDiffers(
                _(
                    "Edition %(year)s is in the state “%(state)s” and does not change any more, but the file differs"
                    " from it in: %(places)s. Changes need a new edition."
                )
                % {"year": year, "state": edition.get_state_display(), "places": ", ".join(differences)}
            )
        _describe_unused(edition, file)
        return edition
    # The column without a language, and the audit's words, are Kazakh, whoever loads the file.
    with override(settings.LANGUAGE_CODE):
        edition = edition or _begun(programme, file)
        _fill(edition, file)
    publishing.discuss(edition=edition, by=None)
    publishing.agree(edition=edition, by=None)
    return publishing.approve(edition=edition, by=None, acknowledgement=file.acknowledgement)


def _begun(programme: Programme, file: ProgrammeFile) -> ProgrammeEdition:
    edition = ProgrammeEdition.objects.create(programme=programme, **file.edition)
    states.born([edition], by=None, reason=_("Loaded from the file of the approved programme"))
    return edition


def _differences(edition: ProgrammeEdition, file: ProgrammeFile) -> list[str]:
    """The parts of the file that say otherwise than the edition."""
    rubric = edition.rubrics.filter(version=file.rubric_version).first()
    words = {f"acknowledgement_{code}": file.acknowledgement.get(code, "") for code, _name in settings.LANGUAGES}
    pairs: dict[str, tuple[Iterable[models.Model], list[Row]]] = {
        "edition": ([edition], [file.edition | words]),
        "modules": (edition.modules.all(), file.modules),
        "items": (edition.items.all(), file.items),
        "terms": (edition.terms.all(), file.terms),
        "sources": (edition.sources.all(), file.sources),
        "rubric.criteria": (rubric.criteria.all() if rubric else [], file.criteria),
        "rubric.bands": (rubric.bands.all() if rubric else [], file.bands),
    }
    return [place for place, (rows, wanted) in pairs.items() if not _same(rows, wanted)]


def _same(rows: Iterable[models.Model], wanted: list[Row]) -> bool:
    """Whether the stored rows hold exactly the wanted values, in whatever order."""
    names = list(wanted[0])
    stored = [tuple(_value(getattr(row, name)) for name in names) for row in rows]
    return sorted(stored, key=repr) == sorted((tuple(_value(row[name]) for name in names) for row in wanted), key=repr)


def _value(value: Any) -> Any:
    return "" if value is None else value


def _fill(edition: ProgrammeEdition, file: ProgrammeFile) -> None:
    """Make a draft say what the file says; what it says already keeps its rows."""
    _set(edition.programme, file.programme)
    _set(edition, file.edition)
    for manager, wanted in (
        (edition.modules, file.modules),
        (edition.items, file.items),
        (edition.terms, file.terms),
        (edition.sources, file.sources),
    ):
        _replace(manager.all(), wanted, edition=edition)
    edition.rubrics.exclude(version=file.rubric_version).delete()
    rubric = edition.rubrics.first()
    if rubric is None:
        rubric = Rubric.objects.create(edition=edition, version=file.rubric_version)
        states.born([rubric], by=None)
    _replace(rubric.criteria.all(), file.criteria, rubric=rubric)
    _replace(rubric.bands.all(), file.bands, rubric=rubric)
    _describe_levels(rubric, file)


def _describe_unused(edition: ProgrammeEdition, file: ProgrammeFile) -> None:
    """Levels for an edition that was loaded before the file had any; a rubric in use stays without (a trigger)."""
    rubric = edition.rubrics.filter(version=file.rubric_version).first()
    if rubric is None:
        return
    try:
        with transaction.atomic():
            _describe_levels(rubric, file)
    except IntegrityError as error:
        if MESSAGE not in str(error):
            raise


def _describe_levels(rubric: Rubric, file: ProgrammeFile) -> None:
    """The levels of the file for a rubric that has none; those that somebody has edited stay."""
    if Level.objects.filter(criterion__rubric=rubric).exists():
        return
    Level.objects.bulk_create(
        Level(criterion=criterion, **row) for criterion in rubric.criteria.all() for row in file.levels[criterion.code]
    )


def _set(row: models.Model, wanted: Row) -> None:
    if not _same([row], [wanted]):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()


def _replace(rows: models.QuerySet[Any], wanted: list[Row], **parent: models.Model) -> None:
    if not _same(rows, wanted):
        rows.delete()
        rows.model.objects.bulk_create([rows.model(**values, **parent) for values in wanted])
