"""Registers of agreement texts and of agreements, and the page of a cohort on which papers are noted."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.admin import ReadOnlyAdmin, SteadyAdmin
from enrollment import agreeing
from enrollment.admin.lists import KeySearchAdmin
from enrollment.admin.pages import cohort_of, page
from enrollment.agreement_offers import offer_of
from enrollment.agreement_papers import draft_of
from enrollment.agreement_views import paper
from enrollment.forms import AgreementTextForm, PaperAgreementsForm
from enrollment.hub import STEPS
from enrollment.models import SEATED, STUDYING, Agreement, AgreementText, Cohort, Enrolment, Listener
from enrollment.posting import carried_out, posted


@admin.register(AgreementText)
class AgreementTextAdmin(SteadyAdmin):
    form = AgreementTextForm
    actions = None
    list_display = ["version", "created_at", "used_by", "draft"]
    fields = ["text_kk", "text_ru", "text_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgreementText]:
        return super().get_queryset(request).annotate(agreement_count=Count("agreements"))

    @admin.display(description=gettext_lazy("accepted by"), ordering="agreement_count")
    def used_by(self, text: AgreementText) -> int:
        """How many listeners accepted this version; from the first on it is frozen."""
        return text.agreement_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=gettext_lazy("as a paper"))
    def draft(self, text: AgreementText) -> SafeString:
        """The version filled with an example."""
        address = reverse("admin:enrollment_agreementtext_example", args=[text.pk])
        return format_html('<a href="{}">PDF</a>', address)

    def has_change_permission(self, request: HttpRequest, obj: AgreementText | None = None) -> bool:
        """A version that somebody accepted is only read."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_used)

    def has_delete_permission(self, request: HttpRequest, obj: AgreementText | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_used)

    def save_model(self, request: HttpRequest, obj: AgreementText, form: Any, change: bool) -> None:
        """A new text gets the next version; what an agreement should say and this one does not is told."""
        agreeing.keep_text(text=obj, by=request.user)
        for warning in form.warnings:
            self.message_user(request, warning, messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        """Adds the example."""
        example = self.admin_site.admin_view(require_safe(self.example_view))
        return [path("<int:pk>/example/", example, name="enrollment_agreementtext_example"), *super().get_urls()]

    def example_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The version as a paper, filled with the latest cohort and an invented person."""
        text = get_object_or_404(AgreementText, pk=pk)
        cohort = Cohort.objects.select_related("edition", "rubric").first()
        if cohort is None:
            self.message_user(request, _("Plan a cohort first: the example is filled with it."), messages.WARNING)
            return redirect("admin:enrollment_agreementtext_changelist")
        person = Listener(surname="Үлгіқызы", given_name="Үлгі", patronymic="", position="–")
        return paper(draft_of(offer_of(text, cohort, person), cohort), f"{cohort.code}-{text.version}")


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin, KeySearchAdmin):
    REFUSES_IIN = True
    KEY = "enrolment__listener__search_key"
    actions = None
    list_display = ["person", "cohort", "kind", "number", "dated_on", "file"]
    list_filter = ["kind", ("enrolment__cohort", admin.RelatedOnlyFieldListFilter), "dated_on"]
    list_select_related = ["enrolment__listener", "enrolment__cohort", "text", "continues__text"]
    search_fields = ["enrolment__listener__search_key"]
    search_help_text = gettext_lazy("Name; ә/а, і/и, қ/к and the like are not told apart.")
    readonly_fields = ["person", "cohort", "kind", "number", "dated_on", "version", "at", "by", "checksum", "file"]
    fields = tuple(readonly_fields)

    @admin.display(description=gettext_lazy("listener"), ordering="enrolment__listener__sort_key")
    def person(self, agreement: Agreement) -> str:
        """In the order of the Kazakh alphabet."""
        return agreement.enrolment.listener.full_name

    @admin.display(description=gettext_lazy("cohort"), ordering="enrolment__cohort__code")
    def cohort(self, agreement: Agreement) -> str:
        """Its code."""
        return agreement.enrolment.cohort.code

    @admin.display(description=gettext_lazy("version"))
    def version(self, agreement: Agreement) -> str:
        """The version of the text that was accepted; a dash for one on paper."""
        return str(agreement.made.text or "–")

    @admin.display(description="SHA-256")
    def checksum(self, agreement: Agreement) -> str:
        """Of what was accepted."""
        return agreement.made.sha256 or "–"

    @admin.display(description=gettext_lazy("file"))
    def file(self, agreement: Agreement) -> SafeString | str:
        """The accepted agreement as PDF."""
        if not agreement.made.sha256:
            return "–"
        return format_html('<a href="{}">PDF</a>', reverse("agreement_download", args=[agreement.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def agreements_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Who of a cohort has which agreement; number and date of those on paper are noted here."""
    cohort = cohort_of(request, pk)
    people = list(
        Enrolment.objects.visible_to(request.user)
        .filter(cohort=cohort, state__in=STUDYING)
        .by_name()
        .select_related("listener__user", "agreement__continues")
    )
    form = PaperAgreementsForm(posted(request), lacking=[e for e in people if not e.has_agreement])
    if form.is_valid() and carried_out(form, _note_papers, noted=form, by=request.user):
        messages.success(request, _("Agreements noted: %(count)s.") % {"count": len(form.chosen())})
        return redirect("admin:enrollment_cohort_agreements", pk)
    return page(
        register,
        request,
        "cohort/agreements.html",
        title=STEPS["agreements"].label,
        form=form,
        cohort=cohort,
        having=[enrolment for enrolment in people if enrolment.has_agreement],
        cannot_sign_in=sum(1 for e in form.lacking.values() if e.state in SEATED and e.listener.user is None),
    )


def _note_papers(*, noted: PaperAgreementsForm, by: Any) -> bool:
    chosen = noted.chosen()
    numbers = {enrolment.pk: noted.number_of(enrolment) for enrolment in chosen}
    agreeing.record_paper_agreements(enrolments=chosen, dated_on=noted.day, numbers=numbers, by=by)
    return True
