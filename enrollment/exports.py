"""Registers to take away: listeners, and who is in which cohort, as XLSX, CSV and JSON.

The IIN is masked in all of them. Spreadsheets go through the hardened writer of `core`, because a text that begins
with “=” would otherwise become a formula.
"""

import json
from collections.abc import Callable
from datetime import date

import tablib
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from import_export import fields, resources, widgets

from core.spreadsheets import write_csv, write_xlsx


class AsItIs(widgets.Widget):
    """A value as it is: the writer knows what a date or a number looks like in its kind of file."""

    def render(self, value, obj=None, **kwargs):  # type: ignore[no-untyped-def]
        return "" if value is None else value


class Register(resources.Resource):
    """A resource whose columns are headed in the reader's language and which is only ever read."""

    TITLE: object = ""
    RELATED: tuple[str, ...] = ()

    def filter_export(self, queryset, **kwargs):  # type: ignore[no-untyped-def]
        return queryset.select_related(*self.RELATED)


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


def _json(dataset: tablib.Dataset) -> bytes:
    rows = [{heading: _plain(value) for heading, value in row.items()} for row in dataset.dict]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


WRITERS: dict[str, tuple[str, Callable[[tablib.Dataset], bytes]]] = {
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda dataset: write_xlsx(list(dataset), header=dataset.headers, title=dataset.title),
    ),
    "csv": ("text/csv; charset=utf-8", lambda dataset: write_csv(list(dataset), header=dataset.headers)),
    "json": ("application/json; charset=utf-8", _json),
}


def export(register: Register, queryset: QuerySet, ending: str) -> tuple[bytes, str]:  # type: ignore[type-arg]
    """The rows of `queryset` as a file of this kind (a key of WRITERS), and its content type."""
    dataset = register.export(queryset=queryset)
    dataset.title = str(register.TITLE)
    content_type, write = WRITERS[ending]
    return write(dataset), content_type
