"""Security blanks: stock and balance, deliveries, runs of a printer, acts of write-off."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from certificates.blank_balance import balance_on
from certificates.blank_forms import BalanceForm, DeliveryForm, FailedForm, PrinterChoice, RunForm, WriteOffForm
from certificates.blanks import give_blank, receive_blanks, record_failed, record_run, write_off
from certificates.models import Blank, BlankDelivery, BlankState, Document, DocumentState, Printer, WriteOffAct
from certificates.print_layer import NO_OFFSET, render_act, render_calibration, render_layer
from core.admin import ReadOnlyAdmin, SteadyAdmin
from core.errors import DomainError

AT_ONCE = 50  # blanks of one run


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@admin.register(Blank)
class BlankAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "state", "document", "act"]
    list_filter = ["state", "series"]
    search_fields = ["number"]
    list_select_related = ["document", "act"]
    fields = ["series", "number", "state", "document", "delivery", "act"]
    change_list_template = "admin/certificates/blank_list.html"
    change_form_template = "admin/certificates/blank_change.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("receive/", wrap(self.receive_view), name="certificates_blanks_receive"),
            path("run/", wrap(self.run_view), name="certificates_blanks_run"),
            path("run/layer/", wrap(require_safe(self.layer_view)), name="certificates_blanks_layer"),
            path("write-off/", wrap(self.write_off_view), name="certificates_blanks_write_off"),
            path("<int:pk>/failed/", wrap(self.failed_view), name="certificates_blank_failed"),
            path("for/<int:pk>/", wrap(require_POST(self.give_view)), name="certificates_blank_give"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list below the balance of a day."""
        asked = request.GET.copy()
        day = BalanceForm({"day": asked.pop("day", [""])[0]})
        request.GET = asked  # type: ignore[assignment]
        chosen = (day.cleaned_data.get("day") if day.is_valid() else None) or timezone.localdate()
        balance = balance_on(chosen)
        labels = dict(BlankState.choices)
        context = {
            "balance": balance,
            "states": [(labels[state], count) for state, count in balance.by_state.items()],
            "day": BalanceForm(initial={"day": chosen}),
            "low": balance.received > 0 and balance.by_state[BlankState.IN_STOCK] < settings.BLANKS_LOW,
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def receive_view(self, request: HttpRequest) -> HttpResponse:
        """A delivery taken into stock."""
        form = DeliveryForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                delivery = receive_blanks(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, _("Received: %(delivery)s.") % {"delivery": delivery}, messages.SUCCESS)
                return redirect("admin:certificates_blank_changelist")
        return self._form(request, form, _("Receive blanks"), _("Every number becomes one blank in stock."))

    def run_view(self, request: HttpRequest) -> HttpResponse:
        """What is to be printed, blank by blank, and afterwards what became of each."""
        blanks = self._reserved()
        form = RunForm(request.POST if request.method == "POST" else None, blanks=blanks)
        if form.is_valid():
            try:
                record_run(
                    results=form.results(),
                    reason=form.cleaned_data["reason"],
                    by=request.user,  # type: ignore[arg-type]
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, _("Recorded: %(count)s.") % {"count": len(form.results())}, messages.SUCCESS)
                return redirect("admin:certificates_blanks_run")
        context = self.admin_site.each_context(request) | {
            "title": _("Print on blanks"),
            "opts": self.opts,
            "form": form,
            "rows": [(blank, form[f"blank-{blank.pk}"]) for blank in blanks],
            "printer": PrinterChoice(),
        }
        return render(request, "admin/certificates/blank_run.html", context, status=422 if form.errors else 200)

    def layer_view(self, request: HttpRequest) -> HttpResponse:
        """The variable text of the whole run as one PDF, in the order of the blanks."""
        choice = PrinterChoice(request.GET)
        printer = choice.cleaned_data["printer"] if choice.is_valid() else None
        blanks = [blank for blank in self._reserved() if blank.document]
        if not blanks:
            self.message_user(request, _("Nothing waits to be printed."), messages.WARNING)
            return redirect("admin:certificates_blanks_run")
        content = render_layer(
            [blank.document.snapshot for blank in blanks if blank.document],
            labels=[str(blank) for blank in blanks],
            offset=(printer.right_mm, printer.down_mm) if printer else NO_OFFSET,
        )
        return _pdf(content, "layer")

    def write_off_view(self, request: HttpRequest) -> HttpResponse:
        """Spoiled and lost blanks, written off by an act."""
        form = WriteOffForm(request.POST if request.method == "POST" else None)
        if not form.is_needed:
            self.message_user(request, _("No blank is spoiled or lost."), messages.WARNING)
            return redirect("admin:certificates_blank_changelist")
        if form.is_valid():
            values = form.cleaned_data
            try:
                act = write_off(
                    blanks=values["blanks"],
                    dated_on=values["dated_on"],
                    commission=form.commission(),
                    reason=values["reason"],
                    by=request.user,  # type: ignore[arg-type]
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, _("Written off by the act %(act)s.") % {"act": act}, messages.SUCCESS)
                return redirect("admin:certificates_writeoffact_changelist")
        return self._form(
            request, form, _("Write blanks off"), _("The act is printed from the list of acts, for three signatures.")
        )

    def failed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A blank in stock or reserved that is spoiled or lost."""
        blank = get_object_or_404(Blank, pk=pk)
        form = FailedForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                record_failed(blank=blank, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return redirect("admin:certificates_blank_change", blank.pk)
        meaning = _("A document that was to be printed on it takes the next blank, with the same number.")
        return self._form(request, form, _("Spoiled or lost: %(blank)s") % {"blank": blank}, meaning)

    def give_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The next blank for a certificate that has none."""
        document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        try:
            blank = give_blank(document=document, by=request.user)  # type: ignore[arg-type]
        except DomainError as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
        else:
            self.message_user(request, _("It will be printed on %(blank)s.") % {"blank": blank}, messages.SUCCESS)
        return redirect("admin:certificates_document_change", document.pk)

    def _reserved(self) -> list[Blank]:
        """The run: reserved blanks whose document is ready, in order."""
        waiting = Blank.objects.filter(state=BlankState.RESERVED, document__state=DocumentState.READY)
        return list(waiting.select_related("document").order_by("series", "number")[:AT_ONCE])

    def _form(self, request: HttpRequest, form: forms.Form, title: str, meaning: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": title,
            "meaning": meaning,
            "form": form,
            "opts": self.opts,
        }
        return render(request, "admin/certificates/blank_form.html", context, status=422 if form.errors else 200)


@admin.register(BlankDelivery)
class BlankDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "supplier", "note", "received_on", "by"]
    list_select_related = ["by"]


@admin.register(WriteOffAct)
class WriteOffActAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "dated_on", "reason", "by", "paper"]
    list_select_related = ["by"]
    fields = ["number", "dated_on", "reason", "by", "paper"]
    readonly_fields = ["paper"]

    @admin.display(description=gettext_lazy("paper"))
    def paper(self, act: WriteOffAct) -> str:
        """The way to the PDF."""
        return format_html('<a href="{}">PDF</a>', reverse("admin:certificates_act_paper", args=[act.pk]))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/paper/", wrap(require_safe(self.paper_view)), name="certificates_act_paper"),
            *super().get_urls(),
        ]

    def paper_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The act as PDF, from its snapshot."""
        act = get_object_or_404(WriteOffAct, pk=pk)
        return _pdf(render_act(act.snapshot, institute=settings.INSTITUTE_NAME), f"act-{act.number}")


@admin.register(Printer)
class PrinterAdmin(SteadyAdmin):
    list_display = ["name", "right_mm", "down_mm", "sheet"]
    actions = None

    @admin.display(description=gettext_lazy("calibration sheet"))
    def sheet(self, printer: Printer) -> str:
        """The way to the PDF."""
        return format_html('<a href="{}">PDF</a>', reverse("admin:certificates_calibration", args=[printer.pk]))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/sheet/", wrap(require_safe(self.sheet_view)), name="certificates_calibration"),
            *super().get_urls(),
        ]

    def sheet_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Crosses where they should be, moved by the printer's offset."""
        printer = get_object_or_404(Printer, pk=pk)
        return _pdf(render_calibration(printer=printer.name, offset=(printer.right_mm, printer.down_mm)), "calibration")
