"""Forms about security blanks: text in, values out."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.blanks import COMMISSION, PRINTED, Member
from certificates.models import Blank, BlankState, Printer

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DeliveryForm(forms.Form):
    """A delivery as its note tells it."""

    series = forms.CharField(label=_("Series"), max_length=8)
    first = forms.IntegerField(label=_("First number"), min_value=1, max_value=2_000_000_000)
    last = forms.IntegerField(label=_("Last number"), min_value=1, max_value=2_000_000_000)
    supplier = forms.CharField(label=_("Supplier"), max_length=200)
    note = forms.CharField(label=_("Delivery note, its number and date"), max_length=120)
    received_on = forms.DateField(label=_("Received on"), widget=DAY, initial=timezone.localdate)


class BalanceForm(forms.Form):
    """The day of a balance."""

    day = forms.DateField(label=_("Balance at the end of"), widget=DAY, required=False)


class RunForm(forms.Form):
    """What became of each blank of a run: a field per blank, and one reason for those that failed."""

    RESULTS = (
        ("", _("not printed yet")),
        (PRINTED, _("printed well")),
        (BlankState.SPOILED, _("spoiled")),
        (BlankState.LOST, _("lost")),
    )
    reason = forms.CharField(label=_("Reason, for the spoiled and lost ones"), max_length=500, required=False)

    def __init__(self, *args: Any, blanks: list[Blank], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blanks = blanks
        for blank in blanks:
            self.fields[f"blank-{blank.pk}"] = forms.ChoiceField(
                label=str(blank), choices=self.RESULTS, required=False, widget=forms.RadioSelect
            )

    def clean(self) -> dict[str, Any]:
        """A reason is asked for where there is something to explain."""
        values: dict[str, Any] = super().clean() or {}
        failed = {BlankState.SPOILED, BlankState.LOST} & set(values.values())
        if failed and not values.get("reason"):
            self.add_error("reason", _("Give the reason."))
        return values

    def results(self) -> list[tuple[Blank, str]]:
        """The blanks that something was said of."""
        said = [(blank, self.cleaned_data.get(f"blank-{blank.pk}", "")) for blank in self.blanks]
        return [(blank, result) for blank, result in said if result]


class PrinterChoice(forms.Form):
    """On which printer the run is printed."""

    printer = forms.ModelChoiceField(
        label=_("Printer"), queryset=Printer.objects.all(), required=False, empty_label=_("without an offset")
    )


class WriteOffForm(forms.Form):
    """Which blanks are written off, why, and by whom."""

    blanks = forms.ModelMultipleChoiceField(
        label=_("Blanks"), queryset=Blank.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    dated_on = forms.DateField(label=_("Date of the act"), widget=DAY, initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blanks: Any = self.fields["blanks"]
        blanks.queryset = Blank.objects.filter(state__in=[BlankState.SPOILED, BlankState.LOST])
        self.is_needed = blanks.queryset.exists()
        for no in range(1, COMMISSION + 1):
            self.fields[f"name_{no}"] = forms.CharField(
                label=_("Member %(no)s of the commission") % {"no": no}, max_length=120
            )
            self.fields[f"position_{no}"] = forms.CharField(label=_("Position"), max_length=120)

    def commission(self) -> list[Member]:
        """The three members."""
        values = self.cleaned_data
        return [Member(values[f"name_{no}"], values[f"position_{no}"]) for no in range(1, COMMISSION + 1)]


class FailedForm(forms.Form):
    """A blank that is spoiled or lost without having been printed on."""

    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[(BlankState.SPOILED, _("spoiled")), (BlankState.LOST, _("lost"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)
