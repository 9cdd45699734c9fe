"""What pages with a form share, in the cabinet and in the panel."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from core.errors import DomainError


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the posted values, or nothing."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> Any:
    """The files that came with the posted values, or nothing."""
    return request.FILES if request.method == "POST" else None


def carried_out(form: forms.BaseForm, verb: Callable[..., Any], **arguments: Any) -> Any:
    """What `verb` gives; a refusal goes to the form and gives None."""
    try:
        return verb(**arguments)
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        form.refusal_status = refusal.status  # type: ignore[attr-defined]
        return None


def status_of(form: forms.BaseForm) -> int:
    """200, or for a form with errors 422 or the status of the verb's refusal."""
    return getattr(form, "refusal_status", 422) if form.errors else 200
