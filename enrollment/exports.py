"""Registers to take away: listeners, and who is in which cohort, as XLSX, CSV and JSON.

The IIN is masked in all of them. Spreadsheets go through the hardened writer of `core`, because a text that begins
with “=” would otherwise become a formula.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from tempfile import TemporaryFile

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from import_export import fields, resources, widgets

from core.sheet_writing import stream_csv, stream_xlsx

AT_ONCE = 1000  # rows in one query
PIECE = 64 * 1024  # bytes of a file in one piece


class AsItIs(widgets.Widget):
    """A value as it is: the writer knows what a date or a number looks like in its kind of file."""

    def render(self, value, obj=None, **kwargs):  # type: ignore[no-untyped-def]
        return "" if value is None else value


class Register(resources.Resource):
    """A resource whose columns are headed in the reader's language and which is only ever read."""

    TITLE: object = ""
    RELATED: tuple[str, ...] = ()


def column(heading: object, attribute: str) -> fields.Field:
    """A column that shows `attribute` under a translated heading."""
    return fields.Field(attribute=attribute, column_name=heading, readonly=True, widget=AsItIs())


class ListenerRegister(Register):
    TITLE = gettext_lazy("Listeners")
    RELATED = ("employer", "consent")

    surname = column(gettext_lazy("Surname"), "surname")
    given_name = column(gettext_lazy("Given name"), "given_name")
    patronymic = column(gettext_lazy("Patronymic"), "patronymic")
    iin = column(gettext_lazy("IIN"), "iin_masked")
    position = column(gettext_lazy("Job title"), "position")
    employer = column(gettext_lazy("Employer"), "employer__name")
    bin = column(gettext_lazy("BIN"), "employer__bin")
    email = column(gettext_lazy("E-mail"), "email")
    phone = column(gettext_lazy("Phone"), "phone")
    consent = column(gettext_lazy("Consent, version"), "consent__version")
    consented_on = column(gettext_lazy("Consent given on"), "consented_on")


class CohortRegister(Register):
    TITLE = gettext_lazy("Register of the cohort")
    RELATED = ("cohort", "listener__employer", "order")

    cohort = column(gettext_lazy("Cohort"), "cohort__code")
    surname = column(gettext_lazy("Surname"), "listener__surname")
    given_name = column(gettext_lazy("Given name"), "listener__given_name")
    patronymic = column(gettext_lazy("Patronymic"), "listener__patronymic")
    iin = column(gettext_lazy("IIN"), "listener__iin_masked")
    position = column(gettext_lazy("Job title"), "listener__position")
    employer = column(gettext_lazy("Employer"), "listener__employer__name")
    bin = column(gettext_lazy("BIN"), "listener__employer__bin")
    state = column(gettext_lazy("State"), "get_state_display")
    order_no = column(gettext_lazy("Order No"), "order_no")
    order_date = column(gettext_lazy("Order date"), "order_date")
    starts_on = column(gettext_lazy("First day"), "cohort__starts_on")
    ends_on = column(gettext_lazy("Last day"), "cohort__ends_on")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _json(rows: Iterable[Sequence[object]], header: Sequence[str], title: str) -> Iterator[bytes]:
    before = b"[\n"
    for row in rows:
        cells = {heading: _plain(value) for heading, value in zip(header, row, strict=True)}
        yield before + json.dumps(cells, ensure_ascii=False).encode()
        before = b",\n"
    yield b"[]" if before == b"[\n" else b"\n]"


def _csv(rows: Iterable[Sequence[object]], header: Sequence[str], title: str) -> Iterator[bytes]:
    return stream_csv(rows, header)


def _xlsx(rows: Iterable[Sequence[object]], header: Sequence[str], title: str) -> Iterator[bytes]:
    with TemporaryFile() as file:
        stream_xlsx(rows, header=header, title=title, to=file)
        file.seek(0)
        yield from iter(partial(file.read, PIECE), b"")


WRITERS: dict[str, tuple[str, Callable[[Iterable[Sequence[object]], Sequence[str], str], Iterator[bytes]]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
    "json": ("application/json; charset=utf-8", _json),
}


def _in_chunks(queryset: QuerySet, related: Sequence[str]) -> Iterator[Model]:  # type: ignore[type-arg]
    """The rows in their order, some at a time: a driver would hold all of a long answer in memory."""
    keys = list(queryset.values_list("pk", flat=True))
    rows = queryset.model._base_manager.select_related(*related)
    for start in range(0, len(keys), AT_ONCE):
        found = rows.in_bulk(keys[start : start + AT_ONCE])
        yield from (found[key] for key in keys[start : start + AT_ONCE] if key in found)


def _in_language(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The pieces, made in this language also when the request that asked for them is over."""
    with translation.override(language):
        yield from pieces


def export(register: Register, queryset: QuerySet, ending: str) -> tuple[Iterator[bytes], str]:  # type: ignore[type-arg]
    """The rows of `queryset` as the pieces of a file of this kind (a key of WRITERS), and its content type.

    Memory does not grow with the rows, but for eight bytes each. Words are in the language that is active now.
    """
    content_type, write = WRITERS[ending]
    columns = register.get_export_fields()
    header = [str(field.column_name) for field in columns]
    rows = ([field.export(row) for field in columns] for row in _in_chunks(queryset, register.RELATED))
    pieces = write(rows, header, str(register.TITLE))
    return _in_language(pieces, get_language() or settings.LANGUAGE_CODE), content_type
