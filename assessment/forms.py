"""Text into values: a cell's entry as JSON, and the protocol's form."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.protocol_rules import REASON_LENGTH
from assessment.sheet import Row, Sheet
from core.errors import Refused


class EntryRefused(Refused):
    """A request that is not a score's entry at all."""

    status = 400


@dataclass(frozen=True)
class ScoreEntry:
    """What a cell sends. Points and version are judged by the verb, here they are only present."""

    enrolment: int
    criterion: int
    points: Any
    version: Any


def read_entry(body: bytes) -> ScoreEntry:
    """The entry in a JSON body `{enrolment, criterion, points, version}`; raises `EntryRefused` for anything else."""
    try:
        entry = json.loads(body)
        read = ScoreEntry(entry["enrolment"], entry["criterion"], entry["points"], entry["version"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EntryRefused(_("The entry could not be read. Please open the page again.")) from None
    if type(read.enrolment) is not int or type(read.criterion) is not int:
        raise EntryRefused(_("The entry could not be read. Please open the page again."))
    return read


FORM_ID = "protocol-form"  # of the element, as the template names it


class ProtocolForm(forms.Form):
    """The date of the session, a reason for each person who cannot be decided on, and a confirmation of what was seen.

    `barred` are enrolments that attended too little where the rule refuses them; `below` are all below the minimum, for
    whom the commission may decide otherwise.
    """

    held_on = forms.DateField(
        label=gettext_lazy("Date of the session"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have checked the points. After closing they can no longer be changed."),
        error_messages={"required": gettext_lazy("Please confirm that you have checked the points.")},
    )

    def __init__(
        self, *args: Any, sheet: Sheet, barred: Collection[int] = (), below: Collection[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # Only what the browser's calendar offers; the verb judges.
        days = {"min": sheet.cohort.starts_on.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["held_on"].widget.attrs |= days
        self.barred = barred
        self.incomplete = [r for r in sheet.pending if not r.mark.is_complete or r.enrolment.pk in barred]
        self.doubtful = [r for r in sheet.pending if r.enrolment.pk in below and r not in self.incomplete]
        for row in (*self.incomplete, *self.doubtful):
            # The field stands outside the form's element when the row is one of the doubtful.
            attrs = {"placeholder": _("reason, if left out of this protocol"), "form": FORM_ID}
            self.fields[self._name(row)] = forms.CharField(
                label=row.enrolment.listener.full_name,
                required=False,
                max_length=REASON_LENGTH,
                widget=forms.TextInput(attrs=attrs),
            )

    @staticmethod
    def _name(row: Row) -> str:
        return f"reason_{row.enrolment.pk}"

    def incomplete_rows(self) -> list[tuple[Row, forms.BoundField]]:
        """Each incomplete person with the field for the reason."""
        return [(row, self[self._name(row)]) for row in self.incomplete]

    def reason_of(self, row: Row) -> forms.BoundField | None:
        """The field for the reason of leaving out a person who could be decided on; None for anybody else."""
        return self[self._name(row)] if row in self.doubtful else None

    @property
    def leave_out(self) -> dict[int, str]:
        """Reasons that were written, by enrolment."""
        asked = (*self.incomplete, *self.doubtful)
        written = {row.enrolment.pk: self.cleaned_data[self._name(row)] for row in asked}
        return {pk: reason for pk, reason in written.items() if reason}
