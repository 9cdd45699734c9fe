"""Pages for employers: a list of people for a cohort, and what becomes of it."""

from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.spreadsheets import write_xlsx
from enrollment import applying, group_applying
from enrollment.application_views import View, asks, for_open_cohort, private, refused_status, written
from enrollment.following import word_for
from enrollment.forms import GroupForm
from enrollment.import_columns import HEADINGS
from enrollment.import_reading import Person
from enrollment.models import Cohort, GroupApplication

COLUMNS = [column for column in HEADINGS if column not in ("employer", "bin")]  # the employer is asked for once
NEEDED = ("iin", "surname", "given_name", "email")


@asks
@for_open_cohort
def group_form(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The form with the list. A list with a mistake is shown row by row, and nothing of it is kept."""
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        code=cohort.code,
        about=f"list {cohort.pk}",
    )
    bad: list[Person] = []
    status = 200
    if request.method == "POST":
        try:
            if written(form, request, email="contact_email"):
                file = form.cleaned_data["file"]
                reading = group_applying.read_group(file.read(), file.name)
                language = get_language() or settings.LANGUAGE_CODE
                group_applying.submit_group(cohort=cohort, sender=form.sender(), reading=reading, language=language)
                return redirect("apply_sent", cohort.code)
            status = 422
        except group_applying.ListRefused as refusal:
            status, bad = refused_status(form, refusal), refusal.people
        except DomainError as refusal:
            status = refused_status(form, refusal)
    context = {"cohort": cohort, "form": form, "bad": bad, "columns": _columns(), "most": group_applying.LARGEST_LIST}
    return render(request, "enrollment/group_form.html", context, status=status)


def _columns() -> list[dict[str, object]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [{"name": HEADINGS[column][language][0], "needed": column in NEEDED} for column in COLUMNS]


@require_safe
@for_open_cohort
def group_template(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The list to fill in, with the headings in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    header = [HEADINGS[column][language][0] for column in COLUMNS]
    return HttpResponse(
        write_xlsx([], header=header, title=_("Listeners")),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": 'attachment; filename="listeners.xlsx"'},
    )


def for_sender(view: View) -> View:
    """A page behind the link in the sender's letter."""

    @wraps(view)
    def guarded(request: HttpRequest, key: str) -> HttpResponse:
        group = GroupApplication.objects.with_key(key).select_related("cohort__edition").first()
        if group is None:
            status = 410 if GroupApplication.is_key(key) else 404
            return private(render(request, "enrollment/application_gone.html", status=status))
        return private(view(request, group))

    return guarded


def _page(request: HttpRequest, group: GroupApplication, *, refusal: DomainError | None = None) -> HttpResponse:
    """The list with each person's name and state, and before it is confirmed the two buttons."""
    people = group.applications.select_related("enrolment").order_by("surname", "given_name", "pk")
    rows = [{"name": application.full_name, "state": word_for(application)} for application in people]
    context = {
        "group": group,
        "cohort": group.cohort,
        "rows": rows,
        "erased": max(0, group.people - len(rows)),
        "days": applying.KEPT_DAYS,
        "refusal": refusal,
    }
    return render(request, "enrollment/group_show.html", context, status=refusal.status if refusal else 200)


@require_safe
@for_sender
def group_show(request: HttpRequest, group: GroupApplication) -> HttpResponse:
    """How the list stands; looking changes nothing."""
    return _page(request, group)


@require_POST
@for_sender
def group_confirm(request: HttpRequest, group: GroupApplication) -> HttpResponse:
    """The button: write to these people."""
    try:
        group_applying.confirm_group(group=group)
    except DomainError as refusal:
        return _page(request, group, refusal=refusal)
    return redirect("group_application", group.key)


@require_POST
@for_sender
def group_discard(request: HttpRequest, group: GroupApplication) -> HttpResponse:
    """The other button: this list is not mine, or wrong."""
    try:
        group_applying.discard_group(group=group)
    except DomainError as refusal:
        return _page(request, group, refusal=refusal)
    return redirect("apply_list")
