"""Attendance as it is sent: by a form with fields for each person, or as JSON by the page's script."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from enrollment.models import AttendanceMark, Enrolment
from enrollment.recording import Entry

MOST_ENTRIES = 1000


class EntriesRefused(Refused):
    """A request that does not hold entries at all."""

    status = 400


def _minutes(text: str) -> Any:
    """Minutes as typed: None for nothing, a number; any other text stays such and the verb refuses it."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else text


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def read_form(sent: Mapping[str, str], people: Sequence[Enrolment]) -> list[Entry]:
    """An entry for each of the people with a mark; with `all` sent, those without one are present."""
    rest = AttendanceMark.PRESENT if "all" in sent else ""
    marks = {e.pk: sent.get(f"mark_{e.pk}") or rest for e in people}
    return [
        Entry(
            enrolment=pk,
            mark=mark,
            minutes=_minutes(sent.get(f"minutes_{pk}", "")),
            reason=sent.get(f"reason_{pk}", ""),
            version=_version(sent.get(f"version_{pk}", "")),
        )
        for pk, mark in marks.items()
        if mark
    ]


def read_entries(body: bytes) -> list[Entry]:
    """The entries of a JSON body `{entries: [{enrolment, mark, minutes, reason, version}]}`.

    Raises `EntriesRefused` for anything else. Their values are judged by the verb.
    """
    unreadable = EntriesRefused(_("The entry could not be read. Please open the page again."))
    try:
        sent = json.loads(body)["entries"]
        entries = [Entry(e["enrolment"], e["mark"], e["minutes"], e["reason"], e["version"]) for e in sent]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise unreadable from None
    if len(entries) > MOST_ENTRIES or any(type(e.enrolment) is not int or type(e.mark) is not str for e in entries):
        raise unreadable
    return entries


class CheckInForm(forms.Form):
    """The six digits from the screen; spaces between them do not matter."""

    code = forms.CharField(
        label=gettext_lazy("Code from the screen"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "form-control check-in-code",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "aria-describedby": "code-help",
            }
        ),
        error_messages={"required": gettext_lazy("Enter the code that is shown in the room.")},
    )
