"""A listener's pages of work: what is due, one assignment with everything handed in on it, and the files."""

import secrets

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessment.handing_in import hand_in
from assessment.models import SubmittedFile, Version
from assessment.work_forms import HandInForm
from assessment.work_list import Work, read_work
from core.private_files import sent
from enrollment import course_materials
from enrollment.models import Enrolment, EnrolmentState
from enrollment.posting import carried_out, posted, posted_files, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])
NOT_YET = (EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.REFUSED)


def own_enrolments(request: HttpRequest) -> list[Enrolment]:
    """This person's enrolments that may have work, the latest cohort first."""
    own = Enrolment.objects.visible_to(request.user).filter(listener__user=request.user).exclude(state__in=NOT_YET)
    return list(own.select_related("cohort").order_by("-cohort__starts_on", "-pk"))


@never_cache
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What is due, by its date; then what was handed in or is not taken any more."""
    works = read_work(own_enrolments(request))
    context = {
        "due": [work for work in works if work.is_due],
        "rest": [work for work in works if not work.is_due],
        "several": len({work.assignment.cohort_id for work in works}) > 1,
    }
    return render(request, "assessment/my_work.html", context)


def _own_work(request: HttpRequest, pk: int) -> Work:
    works = read_work(own_enrolments(request), assignment=pk)
    if not works:
        raise Http404
    return works[0]


@never_cache
@asks
def my_work_show(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment: what to do, what was handed in and answered, and a form for the next version."""
    work = _own_work(request, pk)
    form = HandInForm(posted(request), posted_files(request))
    if form.is_valid():
        version = carried_out(
            form, hand_in, assignment=work.assignment, enrolment=work.enrolment, by=request.user, **form.version()
        )
        if version:
            messages.success(request, _receipt(version))
            return redirect("my_work_show", pk=pk)
    context = {
        "work": work,
        "form": form,
        "materials": course_materials.visible_to(request.user).filter(assignments=work.assignment).on_the_shelf(),
        # A refused form made nothing, so what comes next is another request.
        "request_key": secrets.token_urlsafe(16),
    }
    return render(request, "assessment/my_work_show.html", context, status=status_of(form))


def _receipt(version: Version) -> str:
    moment = date_format(timezone.localtime(version.handed_in_at), "DATETIME_FORMAT")
    words = {"no": version.no, "when": moment, "files": version.files.count()}
    if version.is_late:
        return _("Version %(no)s is handed in: %(when)s, after it was due. Files: %(files)s.") % words
    return _("Version %(no)s is handed in: %(when)s. Files: %(files)s.") % words


@require_safe
def submitted_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of somebody's work, as an attachment of the type that its content has."""
    return sent(get_object_or_404(SubmittedFile.objects.visible_to(request.user), pk=pk))
