"""Registration numbers: patterns of kind, year, counter and letters; the next one; where a year begins (I2)."""

import re

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates.models import Document, Kind, NumberSeries
from core import counters
from core.errors import Refused

CODES = {Kind.CERTIFICATE: "SK", Kind.ATTENDANCE: "AN", Kind.SUPPORT: "KQ"}  # what `{kind}` stands for
_PART = re.compile(r"\{kind\}|\{year\}|\{counter(?::0[1-9])?\}|[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][A-ZА-ЯЁӘҒҚҢӨҰҮҺІ0-9]{0,9}")
_SPLIT = re.compile(r"[-/]")


def number_for(kind: str, year: int, counter: int) -> str:
    """The registration number as printed."""
    return written(pattern_of(kind, year), kind, year, counter)


def next_number(kind: str, year: int) -> str:
    """The number that the next document of this kind would get; takes nothing."""
    return number_for(kind, year, counters.preview_next(kind, year, start=start_of(kind, year)))


def take_number(kind: str, year: int) -> tuple[int, str]:
    """The next counter and number; the counter's row is locked and moved in the caller's transaction (I2)."""
    counter = counters.take_next(kind, year, start=start_of(kind, year))
    return counter, number_for(kind, year, counter)


def pattern_of(kind: str, year: int) -> str:
    """The pattern in force for that year."""
    own = NumberSeries.objects.filter(kind=kind, from_year__lte=year).order_by("-from_year")
    return own.values_list("pattern", flat=True).first() or settings.DOCUMENT_NUMBER_FORMAT


def start_of(kind: str, year: int) -> int:
    """The first counter of that year."""
    return NumberSeries.objects.filter(kind=kind, from_year=year).values_list("start", flat=True).first() or 1


def written(pattern: str, kind: str, year: int, counter: int) -> str:
    """A number by a pattern. Pure."""
    return pattern.format(kind=CODES[Kind(kind)], year=year, counter=counter)


def fault_of(pattern: str) -> str:
    """Why this is no pattern, as a sentence; empty when it is one. Pure.

    Capital letters, for whoever asks by number may type them small; parts between dashes or strokes, so that year and
    counter never run together; a part of digits alone could be taken for a year.
    """
    parts = _SPLIT.split(pattern)
    if not all(_PART.fullmatch(part) for part in parts):
        return _("A pattern has {kind}, {year}, {counter:06} and capital letters, with “-” or “/” between them.")
    if sum(part.startswith("{year") for part in parts) != 1 or sum(part.startswith("{counter") for part in parts) != 1:
        return _("A pattern has the year once and the counter once.")
    if sum(part == "{kind}" for part in parts) > 1:
        return _("A pattern has the kind once at most.")
    if len(written(pattern, Kind.CERTIFICATE, 2026, 999_999)) > 40:
        return _("The number is longer than 40 characters.")
    return ""


def _shape(pattern: str, kind: str) -> list[str]:
    """Equal for two patterns exactly when they may give the same number."""
    parts = _SPLIT.split(pattern.replace("{kind}", CODES[Kind(kind)]))
    return ["{counter}" if part.startswith("{counter") else part for part in parts]


@transaction.atomic
def keep_series(*, series: NumberSeries, by: User) -> NumberSeries:
    """Store a new series, or a change of one of whose years no number has been given.

    Raises `Refused` for anybody but an administrator, years that have numbers, a pattern that is none or that may give
    the numbers of another kind.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Numbers are set up by an administrator."))
    if is_used(series):
        raise Refused(_("Numbers of this kind have been given in that year or later; the series stays as it is."))
    if not timezone.localdate().year <= series.from_year <= timezone.localdate().year + 5:
        raise Refused(_("A series begins in this year or in one of the next five."))
    if fault := fault_of(series.pattern):
        raise Refused(fault)
    for kind in set(Kind.values) - {series.kind}:
        others = NumberSeries.objects.filter(kind=kind).values_list("pattern", flat=True)
        for pattern in (settings.DOCUMENT_NUMBER_FORMAT, *others):
            if _shape(pattern, kind) == _shape(series.pattern, series.kind):
                raise Refused(_("The numbers could be those of: %(kind)s.") % {"kind": Kind(kind).label})
    series.by = by
    series.save()
    return series


def is_used(series: NumberSeries) -> bool:
    """Whether a document of its kind has a number of its years."""
    years = {series.from_year}
    if series.pk:
        years.add(NumberSeries.objects.values_list("from_year", flat=True).get(pk=series.pk))
    return Document.objects.filter(kind=series.kind, year__gte=min(years)).exists()


def this_year() -> dict[str, str]:
    """The next number of each kind, today."""
    return {kind: next_number(kind, timezone.localdate().year) for kind in Kind.values}
