"""Requests to correct a name: a register to read, and the page on which one is decided."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.admin import ReadOnlyAdmin
from enrollment import correcting
from enrollment.admin.lists import KeySearchAdmin
from enrollment.admin.pages import page
from enrollment.forms.names import DecisionForm
from enrollment.models import CorrectionState, Listener, NameCorrection
from enrollment.posting import carried_out, posted
from enrollment.spellings import earlier_spellings

VERBS: dict[str, Any] = {"make": correcting.make_correction, "refuse": correcting.refuse_correction}


@admin.register(NameCorrection)
class NameCorrectionAdmin(ReadOnlyAdmin, KeySearchAdmin):
    REFUSES_IIN = True
    KEY = "listener__search_key"
    actions = None
    list_display = ["filed_at", "listener", "__str__", "state"]
    list_display_links = ["filed_at", "listener"]
    list_filter = ["state"]
    list_select_related = ["listener"]
    search_fields = ["listener__search_key"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NameCorrection]:
        return super().get_queryset(request).select_related("listener")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request, to decide."""
        pk = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        return decide(request, pk, register=self)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, *, register: admin.ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """One request with what it asks for: the correction is made, or refused with an answer."""
    found = NameCorrection.objects.visible_to(request.user).select_related("listener__user", "filed_by")
    correction = get_object_or_404(found, pk=pk)
    form = DecisionForm(posted(request))
    if form.is_valid():
        verb = VERBS[form.cleaned_data["decision"]]
        if carried_out(form, verb, correction=correction, answer=form.cleaned_data["answer"], by=request.user):
            register.message_user(request, _("Decided. The listener is told by letter."), messages.SUCCESS)
            return redirect("admin:enrollment_namecorrection_changelist")
    listener = correction.listener
    return page(
        register,
        request,
        "correction.html",
        title=_("Correction of a name"),
        form=form,
        correction=correction,
        parts=_parts(listener, correction),
        trail=correction.audit_trail(),
        earlier=earlier_spellings(listener),
        is_open=correction.state == CorrectionState.FILED,
    )


def _parts(listener: Listener, correction: NameCorrection) -> list[dict[str, Any]]:
    """Each part of the name as it is and as it is wanted."""
    return [
        {
            "label": Listener._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            "old": getattr(listener, name),
            "new": getattr(correction, name),
            "differs": getattr(listener, name) != getattr(correction, name),
        }
        for name in Listener.NAME
    ]
