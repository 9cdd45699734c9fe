"""Text into values for orders. Nothing here writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.forms.fields import DayField
from enrollment.models import Book, Cohort, CommissionDecision, DecisionLine, Order, OrderKind, Signatory
from enrollment.order_candidates import WITH_COHORT, WITH_DATE, WITH_DECISION, Candidate, targets
from enrollment.ordering import Listed, suggested_number


class SignatoryField(forms.ModelChoiceField):
    """Who signs, each with the period of power (R2)."""

    def label_from_instance(self, obj: Signatory) -> str:  # type: ignore[override]
        """Name, position, from and until."""
        ends = date_format(obj.valid_to, "SHORT_DATE_FORMAT") if obj.valid_to else "…"
        return f"{obj} ({date_format(obj.valid_from, 'SHORT_DATE_FORMAT')} – {ends})"


class TermsForm(forms.Form):
    """What every order says: number, date, book, signatory, basis."""

    book = forms.ChoiceField(label=gettext_lazy("Book of orders"), choices=Book)
    number = forms.CharField(
        label=gettext_lazy("Order No"),
        max_length=30,
        help_text=gettext_lazy("The number that follows the last one of the book; another one may be given."),
    )
    date = DayField(label=gettext_lazy("Order date"))
    signatory = SignatoryField(
        label=gettext_lazy("Signatory"),
        queryset=Signatory.objects.order_by("-valid_from"),
        help_text=gettext_lazy("Only who has the power to sign on the order's date."),
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Applications, a memo, documents: what the order rests on. Printed in the Kazakh half."),
    )
    basis_ru = forms.CharField(
        label=gettext_lazy("Basis in Russian"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Printed in the Russian half; left empty, it says the same as the Kazakh one."),
    )
    backdating_reason = forms.CharField(
        label=gettext_lazy("Reason for an earlier date"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Needed when the order bears a date before the day on which it is signed here: say why it is recorded only "
            "now. Such orders are marked in the register."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "book": Book.LISTENERS,
            "number": suggested_number(Book.LISTENERS, today.year),
            "date": today,
            "signatory": Signatory.objects.in_power_on(today).first(),
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """R2: who has no power on the date cannot be chosen, and the page says who has."""
        cleaned = super().clean() or self.cleaned_data
        day, signatory = cleaned.get("date"), cleaned.get("signatory")
        if day and signatory:
            able = list(Signatory.objects.in_power_on(day))
            if signatory not in able:
                names = "; ".join(map(str, able)) or _("nobody")
                self.add_error(
                    "signatory",
                    _("%(name)s has no power to sign on %(date)s. On that day: %(able)s.")
                    % {
                        "name": signatory.full_name,
                        "date": date_format(day, "SHORT_DATE_FORMAT"),
                        "able": names,
                    },
                )
        return cleaned


@dataclass(frozen=True)
class Row:
    """One person of the list with the fields that belong to them."""

    candidate: Candidate
    key: str
    is_ticked: bool
    fields: list[forms.BoundField]


class DraftForm(TermsForm):
    """A draft of one kind: its terms, whom it takes, and for each of them where to, until when, on what ground."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("People"),
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("The list has changed in between. Look through it again."),
        },
    )
    decision = forms.ModelChoiceField(
        label=gettext_lazy("Commission's decision"), queryset=CommissionDecision.objects.none(), required=False
    )

    def __init__(self, *args: Any, kind: str, people: list[Candidate], tick: bool = False, **kwargs: Any) -> None:
        """`tick`: everybody is ticked at first, not only who asked for it or stands in the draft already."""
        super().__init__(*args, **kwargs)
        self.tick = tick
        self.kind, self.candidates = OrderKind(kind), {str(one.enrolment.pk): one for one in people}
        fields: dict[str, Any] = self.fields
        fields["people"].choices = [(key, str(one.enrolment.listener)) for key, one in self.candidates.items()]
        if kind not in WITH_DECISION:
            del fields["decision"]
        else:
            fields["decision"].queryset = CommissionDecision.objects.all()
            if kind == OrderKind.EXPULSION:
                to_expel = DecisionLine.objects.filter(resolution=DecisionLine.Resolution.EXPEL).values("decision")
                fields["decision"].queryset = CommissionDecision.objects.filter(pk__in=to_expel)
                fields["decision"].required = True
                fields["decision"].help_text = _("Nobody is expelled without one (R10).")
        self.cohorts = {cohort.pk: cohort for cohort in targets(people)} if kind in WITH_COHORT else {}
        for key, one in self.candidates.items():
            self._add_fields_of(key, one)

    def _add_fields_of(self, key: str, one: Candidate) -> None:
        name = one.enrolment.listener.full_name
        if self.kind in WITH_COHORT:
            own = one.enrolment.cohort
            fit = [c for c in self.cohorts.values() if c.edition_id == own.edition_id and c != own]
            self.fields[f"cohort-{key}"] = forms.ChoiceField(
                label=_("To the cohort"),
                choices=[("", "–"), *((str(cohort.pk), self._named(cohort)) for cohort in fit)],
                required=False,
                initial=str(one.cohort or ""),
                widget=forms.Select(attrs={"aria-label": f"{_('To the cohort')}: {name}"}),
            )
        if self.kind in WITH_DATE:
            self.fields[f"until-{key}"] = DayField(label=_("Until"), required=False, initial=one.until)
            self.fields[f"until-{key}"].widget.attrs["aria-label"] = f"{_('Until')}: {name}"
        self.fields[f"note-{key}"] = forms.CharField(
            label=_("Ground"),
            max_length=300,
            required=False,
            initial=one.note,
            widget=forms.TextInput(attrs={"aria-label": f"{_('Ground')}: {name}"}),
        )

    @staticmethod
    def _named(cohort: Cohort) -> str:
        return f"{cohort.code} ({date_format(cohort.starts_on, 'SHORT_DATE_FORMAT')})"

    def terms(self) -> list[forms.BoundField]:
        """The fields of the order itself, in the order of the page."""
        names = ("number", "date", "book", "signatory", "decision", "basis", "basis_ru", "backdating_reason")
        return [self[name] for name in names if name in self.fields]

    def headings(self) -> list[str]:
        """The names of the fields that each person has."""
        first = next(iter(self.candidates), None)
        return [str(field.label) for field in self._fields_of(first)] if first else []

    def _fields_of(self, key: str) -> list[forms.BoundField]:
        return [self[f"{name}-{key}"] for name in ("cohort", "until", "note") if f"{name}-{key}" in self.fields]

    def rows(self) -> Iterator[Row]:
        """The people with their ticks and fields."""
        posted: Any = self.data
        ticked = set(posted.getlist("people")) if self.is_bound else None
        for key, one in self.candidates.items():
            first = self.tick or one.listed or one.request is not None
            yield Row(one, key, first if ticked is None else key in ticked, self._fields_of(key))

    def people_errors(self) -> list[str]:
        """What is wrong in the list: with the ticks, and in somebody's fields."""
        found = [str(error) for error in self.errors.get("people", [])]
        for key, one in self.candidates.items():
            for field in self._fields_of(key):
                found += [f"{one.enrolment.listener}: {error}" for error in field.errors]
        return found

    def listed(self) -> list[Listed]:
        """Whom the order takes, in the order of the list."""
        cleaned = self.cleaned_data
        ticked = set(cleaned["people"])
        return [
            Listed(
                one.enrolment,
                cohort=self.cohorts.get(int(cleaned.get(f"cohort-{key}") or 0)),
                until=cleaned.get(f"until-{key}"),
                request=one.request,
                note=cleaned.get(f"note-{key}", ""),
            )
            for key, one in self.candidates.items()
            if key in ticked
        ]

    def order_terms(self) -> dict[str, Any]:
        """What the verbs ask for, people apart."""
        names = ("number", "date", "book", "signatory", "basis", "basis_ru", "decision", "backdating_reason")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def terms_of(order: Order) -> dict[str, Any]:
    """The initial values of the form over a draft."""
    names = ("number", "date", "book", "signatory", "basis", "basis_ru", "decision", "backdating_reason")
    return {name: getattr(order, name) for name in names}


class ConfirmForm(forms.Form):
    """Nothing to fill in: the click is the answer."""


class CancelOrderForm(TermsForm):
    """Terms of the order by which another one is cancelled; its basis says why."""

    field_order = ["number", "date", "book", "signatory", "basis", "basis_ru", "backdating_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].required = True
        self.fields["basis"].help_text = _("Why the order is cancelled. Printed in the Kazakh half.")
