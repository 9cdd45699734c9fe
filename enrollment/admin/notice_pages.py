"""A letter to an employer: its paper, sent by mail, recorded as sent, addressed, taken back (R11)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, site
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Message
from core.outbox import PATIENCE
from enrollment.admin.lists import Autocomplete
from enrollment.admin.order_pages import pdf_response
from enrollment.admin.pages import page
from enrollment.forms import AddresseeForm, ConfirmForm, ReasonForm, SendingForm
from enrollment.models import EmployerNotice, Listener, NoticeState
from enrollment.notice_papers import render_letter
from enrollment.notices import MAIL, address_letter, mail_of, record_sending, send_by_email, take_back_sending
from enrollment.posting import carried_out, posted

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOW = "admin:enrollment_employernotice_change"


def notices(request: HttpRequest) -> QuerySet[EmployerNotice]:
    """Those that this person may see, with what their pages show."""
    visible = EmployerNotice.objects.visible_to(request.user)
    return visible.select_related("employer", "line__enrolment__listener__employer", "line__order", "recorded_by")


def shown(notice: EmployerNotice) -> dict[str, Any]:
    """What the page of a letter shows, and what its state allows."""
    labels = dict(NoticeState.choices)
    mail = Message.objects.filter(kind=MAIL, thing=mail_of(notice)).defer("attachment").first()
    sent = notice.state == NoticeState.SENT
    return {
        "notice": notice,
        "is_sent": sent,
        "has_address": notice.employer is not None and bool(notice.employer.email),
        "mail": mail if sent else None,
        "mail_failed": sent and mail is not None and mail.sent_at is None and mail.attempts >= PATIENCE,
        "trail": [
            {"entry": entry, "from": labels.get(entry.from_state, ""), "to": labels.get(entry.to_state, "")}
            for entry in notice.audit_trail()
        ],
    }


@require_safe
def paper_file(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The letter as PDF."""
    notice = get_object_or_404(notices(request), pk=pk)
    return pdf_response(render_letter(notice.snapshot), f"{notice.number}.pdf")


@asks
def email_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Send the letter by mail, after a look at where it goes."""
    notice = get_object_or_404(notices(request), pk=pk)
    return _ask(
        register,
        request,
        notice,
        form=ConfirmForm(posted(request)),
        verb=send_by_email,
        title=_("Send by e-mail"),
        meaning=_("The letter goes as PDF to the address below, and its sending is recorded with today's date."),
        done=_("The letter is on its way; its sending is recorded."),
    )


@asks
def record_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Record that the letter was sent another way."""
    notice = get_object_or_404(notices(request), pk=pk)
    return _ask(
        register,
        request,
        notice,
        form=SendingForm(posted(request)),
        verb=record_sending,
        title=_("Record the sending"),
        meaning=_("Download the letter, send it, then write down how, when and to whom."),
        done=_("The sending is recorded."),
    )


@asks
def address_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Say whom to tell, when no employer was on record."""
    notice = get_object_or_404(notices(request), pk=pk)
    form = AddresseeForm(posted(request), initial={"employer": notice.line.enrolment.listener.employer})
    field: Any = form.fields["employer"]
    field.widget = Autocomplete(Listener._meta.get_field("employer"), site, choices=field.choices)
    return _ask(
        register,
        request,
        notice,
        form=form,
        verb=address_letter,
        title=_("Say whom to tell"),
        meaning=_(
            "The employer is written into the letter, with the address as it stands in the register now, for good."
        ),
        done=_("The letter has its employer now. It can be sent."),
    )


@asks
def take_back_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The letter did not arrive."""
    notice = get_object_or_404(notices(request), pk=pk)
    return _ask(
        register,
        request,
        notice,
        form=ReasonForm(posted(request)),
        verb=take_back_sending,
        title=_("The letter did not arrive"),
        meaning=_("The case stands on the front page again until another sending is recorded."),
        done=_("The letter is to be sent again."),
    )


def _ask(
    register: ModelAdmin,  # type: ignore[type-arg]
    request: HttpRequest,
    notice: EmployerNotice,
    *,
    form: forms.Form,
    verb: Callable[..., Any],
    title: str,
    meaning: str,
    done: str,
) -> HttpResponse:
    """One question about one letter: asked, refused in words, or carried out."""
    if form.is_valid() and carried_out(form, verb, notice=notice, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect(SHOW, notice.pk)
    return page(register, request, "notice/ask.html", title=title, form=form, notice=notice, meaning=meaning)
