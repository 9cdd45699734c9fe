"""The page where many documents are checked at once."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from certificates import checking_lists, watching
from certificates.checking_lists import Checked, Row
from certificates.forms import ListForm
from certificates.models import Way
from certificates.verification import Status
from core.errors import DomainError
from core.sheet_writing import write_xlsx
from core.throttle import limit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # changes nothing and knows nobody, so that the page can do without a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def verify_many(request: HttpRequest) -> HttpResponse:
    """A list of numbers and surnames, pasted or as a file; its verdicts as a table or an XLSX. Nothing is kept."""
    form = ListForm(request.POST or None, request.FILES or None)
    checked: list[Checked] = []
    if request.method == "POST":
        limit(request, what="list", per_minute=settings.LISTS_PER_MINUTE)
        if form.is_valid():
            try:
                rows = _rows(form)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                checked = checking_lists.check_list(rows)
                watching.note(Way.LIST, *(one.verdict for one in checked if one.verdict))
                if "xlsx" in request.POST:
                    return _headers(_xlsx(checked))
                form = ListForm(initial={"text": checking_lists.as_text(rows)})
    away = any(one.verdict and one.verdict.status == Status.UNAVAILABLE for one in checked)
    context = {"form": form, "checked": checked, "most": checking_lists.MOST}
    context["moment"] = date_format(timezone.localtime(), "DATETIME_FORMAT")
    status = 422 if form.errors else 503 if away else 200
    return _headers(render(request, "certificates/verify_many.html", context, status=status))


def _rows(form: ListForm) -> list[Row]:
    file: UploadedFile | None = form.cleaned_data["file"]
    if file is not None:
        return checking_lists.rows_of_file(file.read(), file.name or "")
    return checking_lists.rows_of_text(form.cleaned_data["text"])


def _xlsx(checked: list[Checked]) -> HttpResponse:
    content = write_xlsx(
        (one.cells for one in checked), header=checking_lists.headings(), title=_("Check of documents")
    )
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="check.xlsx"'
    return response


def _headers(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
