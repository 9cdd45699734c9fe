"""Addresses of calendars that a calendar program reads without signing in.

An address holds what it is the calendar of, a version, and a signature over both (HMAC-SHA256 with SECRET_KEY), so that
nobody can guess or forge one. Renewing raises the version: every address given out before stops working.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from enrollment.models import CalendarAddress

Kind = CalendarAddress.Kind
_LETTERS = {Kind.LISTENER: "l", Kind.TRAINER: "t", Kind.COHORT: "c"}
_FORM = re.compile(r"([ltc])([0-9]{1,18})-([0-9]{1,9})")
_signer = signing.Signer(salt="enrollment.calendar", sep=".")


@dataclass(frozen=True)
class Owner:
    """Whose calendar: an account's as a listener or as a trainer, or a cohort's."""

    kind: str
    pk: int


def address_of(kind: str, pk: int) -> str:
    """The whole address of this calendar as it works now; one query."""
    token = _signer.sign(f"{_LETTERS[Kind(kind)]}{pk}-{_version(kind, pk)}")
    return settings.PUBLIC_BASE_URL + reverse("session_calendar", args=[token])


def owner_of(token: str) -> Owner | None:
    """Whose calendar an address is of; None for a forged one and for one that was renewed since."""
    try:
        found = _FORM.fullmatch(_signer.unsign(token))
    except signing.BadSignature:
        return None
    if found is None:
        return None
    letter, pk, version = found.groups()
    kind = next(kind for kind, mark in _LETTERS.items() if mark == letter)
    return Owner(kind, int(pk)) if _version(kind, int(pk)) == int(version) else None


def _version(kind: str, pk: int) -> int:
    rows = CalendarAddress.objects.filter(kind=kind, owner=pk).values_list("version", flat=True)
    return rows.first() or 1


@transaction.atomic
def renew_address(*, kind: str, pk: int) -> None:
    """Give this calendar another address; the ones before stop working."""
    row, _created = CalendarAddress.objects.get_or_create(kind=kind, owner=pk)
    CalendarAddress.objects.filter(pk=row.pk).update(version=F("version") + 1)
