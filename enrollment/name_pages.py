"""A listener looks at the name as it will be printed, confirms it, or asks for another spelling."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from enrollment import correcting
from enrollment.confirming import confirm_name, standings
from enrollment.forms.names import CorrectionForm
from enrollment.models import CorrectionState, Listener, NameCorrection
from enrollment.posting import carried_out, posted


@require_http_methods(["GET", "HEAD", "POST"])
def my_name(request: HttpRequest) -> HttpResponse:
    """How the name is written, and the request to write it otherwise."""
    listener = get_object_or_404(Listener.objects.visible_to(request.user), user=request.user)
    corrections = NameCorrection.objects.visible_to(request.user).filter(listener=listener)
    form = CorrectionForm(posted(request), listener=listener)
    if form.is_valid():
        filed = carried_out(form, correcting.file_correction, listener=listener, by=request.user, **form.wanted())
        if filed:
            for notice in form.notices:
                messages.warning(request, notice)
            messages.success(request, _("Your request is filed. You get a letter when it is decided."))
            return redirect("my_name")
    filed = next((c for c in corrections if c.state == CorrectionState.FILED), None)
    standing = standings([listener])[listener.pk]
    context = {"listener": listener, "form": form, "filed": filed, "corrections": corrections, "standing": standing}
    status = getattr(form, "refusal_status", 422) if form.errors else 200
    return render(request, "enrollment/my_name.html", context, status=status)


@require_POST
def my_name_confirm(request: HttpRequest) -> HttpResponse:
    """The name that was shown is right."""
    listener = get_object_or_404(Listener.objects.visible_to(request.user), user=request.user)
    try:
        confirm_name(listener=listener, shown=request.POST.get("shown", ""), by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Thank you: the name is confirmed."))
    return redirect("my_name")
