"""Everything that is kept about one person, as a ZIP: data.json for machines, data.html to read, and the files.

Composed from the floors' tables (`personal.py`), streamed, so that neither memory nor disk holds the whole.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.identifiers import mask_iin
from core.persons import Held, Person, exported, in_texts
from core.zipping import PIECE, Member, stream_zip
from course_admin.people.floors import floors, whole_person
from enrollment.models import DataExport, Listener

log = logging.getLogger(__name__)
READ = 200  # rows at once
EMPTY: tuple[Any, ...] = (None, "", {}, [])


@dataclass(frozen=True)
class Column:
    """One value of a row: its key in JSON, its name for people, where it stands and how it is written."""

    key: str
    label: str
    lookup: str
    write: Callable[[Any], Any]


@dataclass
class Sections:
    """The sections of one export in the language `language`; `missing` gathers files that could not be read."""

    person: Person
    iin: str  # as it is told: in clear or masked
    hidden: list[str]  # IINs that no text may show
    language: str
    missing: list[str]
    is_own: bool  # asked for by the person

    def __iter__(self) -> Iterator[tuple[Held, str, list[Column]]]:
        for held in exported(floors()):
            title = held.title or held.model._meta.verbose_name_plural
            yield held, str(capfirst(str(title))), columns(held, self.person)

    def rows(self, held: Held, shown: list[Column]) -> Iterator[list[Any]]:
        """The values of each row, as JSON and a page show them."""
        found = held.rows(self.person)
        if held.private is not None and not self.is_own:
            found = found.exclude(held.private)
        found = found.values_list(*(column.lookup for column in shown))
        for row in found.iterator(chunk_size=READ):
            yield [self._masked(column.write(value)) for column, value in zip(shown, row, strict=True)]

    def _masked(self, value: Any) -> Any:
        """The value without the IINs that are to be hidden; an accepted agreement's text may hold one."""
        for iin in self.hidden:
            value = in_texts(value, lambda text, iin=iin: text.replace(iin, mask_iin(iin)))  # type: ignore[misc]
        return value


def columns(held: Held, person: Person) -> list[Column]:
    """What the section shows of a row: all that the model has, but for what its table leaves out."""
    shown = []
    for field in held.model._meta.concrete_fields:
        if field.name in held.left_out or field.name == held.file:
            continue
        lookup = held.shown.get(field.name, field.attname)
        last = _last(held.model, lookup) if field.name in held.shown else field
        shown.append(Column(field.name, str(field.verbose_name), lookup, _writer(last, person)))
    for lookup in held.also:
        last = _last(held.model, lookup)
        shown.append(Column(lookup, str(last.verbose_name), lookup, _writer(last, person)))
    return shown


def _last(model: Any, lookup: str) -> Any:
    """The field to which a lookup leads."""
    for name in lookup.split("__"):
        found = model._meta.get_field(name)
        model = found.related_model
    return found


def _writer(field: Any, person: Person) -> Callable[[Any], Any]:
    if field.is_relation and issubclass(field.related_model, User):
        return lambda pk: None if pk is None else "self" if pk in person.accounts else "institute"
    if choices := dict(field.flatchoices or ()):
        return lambda value: None if value is None else str(choices.get(value, value))
    return lambda value: timezone.localtime(value) if isinstance(value, datetime) else value


@transaction.atomic
def record_export(*, listener: Listener, by: User, ground: str = "") -> DataExport:
    """Write down who takes a person's data away, when and on what ground, before they are given out.

    The person's own export has the IIN in clear, an administrator's has it masked. Raises `Refused` for an entry that
    was merged into another one or erased, and when an administrator gives no ground.
    """
    own = listener.user_id == by.pk
    if listener.merged_into_id or listener.pseudonymised_at:
        raise Refused(_("This entry is not used any more; there is nothing to take away."))
    ground = " ".join(ground.split())
    if not own and not ground:
        raise Refused(_("Say on what ground the data are taken away: who asked for them, when."))
    return DataExport.objects.create(listener=listener, by=by, ground=ground[:300], with_iin=own)


def stream(export: DataExport) -> Iterator[bytes]:
    """The bytes of the ZIP that this export is about, in the language that is active now."""
    listener = export.listener
    entries = [listener, *Listener.objects.filter(merged_into=listener.pk)]
    sections = Sections(
        person=whole_person(listener),
        iin=listener.iin if export.with_iin else listener.iin_masked,
        hidden=[] if export.with_iin else [entry.iin for entry in entries],
        language=translation.get_language() or settings.LANGUAGE_CODE,
        missing=[],
        is_own=export.with_iin,
    )
    return stream_zip(_members(sections, export))


def _members(sections: Sections, export: DataExport) -> Iterator[Member]:
    yield Member("data.json", _speaking(sections, _json(sections, export)))
    yield Member("data.html", _speaking(sections, _html(sections, export)))
    for held in exported(floors()):
        if held.file:
            yield from _files(held, sections)
    if sections.missing:
        yield Member("missing.txt", ["\n".join(sections.missing).encode()])


def _speaking(sections: Sections, pieces: Iterable[str]) -> Iterator[bytes]:
    """Each piece made in the export's language: between two of them the server may serve somebody else."""
    made = iter(pieces)
    while True:
        with translation.override(sections.language):
            piece = next(made, None)
        if piece is None:
            return
        yield piece.encode()


def _about(sections: Sections, export: DataExport) -> dict[str, Any]:
    return {
        "institute": settings.INSTITUTE_NAME[sections.language],
        "made_at": timezone.localtime(export.at),
        "made_for": "self" if export.with_iin else "institute",
        "iin": sections.iin,
    }


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _json(sections: Sections, export: DataExport) -> Iterator[str]:
    yield f'{{\n"about": {_plain(_about(sections, export))}'
    for held, title, shown in sections:
        yield f',\n{_plain(held.name)}: {{"title": {_plain(title)}, "rows": ['
        for number, row in enumerate(sections.rows(held, shown)):
            values = {column.key: value for column, value in zip(shown, row, strict=True)}
            yield ("," if number else "") + "\n" + _plain(values)
        yield "]}"
    yield "\n}\n"


def _html(sections: Sections, export: DataExport) -> Iterator[str]:
    yield render_to_string("people/export_head.html", {"about": _about(sections, export), "listener": export.listener})
    for held, title, shown in sections:
        yield render_to_string("people/export_section.html", {"title": title})
        empty = True
        for row in sections.rows(held, shown):
            empty = False
            filled = [(c.label, value) for c, value in zip(shown, row, strict=True) if value not in EMPTY]
            facts = [(label, _read(value), isinstance(value, dict | list)) for label, value in filled]
            yield render_to_string("people/export_row.html", {"facts": facts})
        if empty:
            yield render_to_string("people/export_row.html", {"facts": []})
    yield render_to_string("people/export_foot.html")


def _read(value: Any) -> str:
    """A value for people; what is structured stays as JSON has it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if value in ("self", "institute"):
        return _("you") if value == "self" else _("the institute")
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict | list) else str(value)


def _files(held: Held, sections: Sections) -> Iterator[Member]:
    """The content of each row's file; one that the store does not give is named in missing.txt."""
    for key in list(held.rows(sections.person).values_list("pk", flat=True)):
        row = held.model._base_manager.get(pk=key)
        stored = getattr(row, held.file)
        if not stored:
            continue
        name = f"{held.name}/{_file_name(row, held)}"
        if isinstance(stored, models.fields.files.FieldFile):
            try:
                file = stored.open("rb")
            except OSError as error:
                log.error("file of %s %s: %s", held.model._meta.label, key, error)
                sections.missing.append(name)
                continue
            yield Member(name, _pieces(file), packed=True)
        else:
            yield Member(name, [bytes(stored)], packed=True)


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(PIECE), b"")


def _file_name(row: Any, held: Held) -> str:
    """The row's number and what it is called, with nothing in it that a file system minds."""
    called = getattr(row, "number", None) or getattr(row, "attachment_name", None) or getattr(row, "name", "")
    ending = PurePath(getattr(getattr(row, held.file), "name", "") or ".pdf").suffix or ".pdf"
    stem = re.sub(r"[^\w-]+", "_", str(called).removesuffix(ending)).strip("_")[:80]
    return f"{row.pk}-{stem}{ending}" if stem else f"{row.pk}{ending}"
