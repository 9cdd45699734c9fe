"""The form by which a request is filed, for the listener's page and the administrator's."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import User
from enrollment import requesting
from enrollment.forms import RequestForm
from enrollment.models import Enrolment, MovementRequest, Way
from enrollment.options import Option
from enrollment.posting import carried_out, posted, posted_files
from enrollment.request_targets import targets


def way_of_address(name: str) -> Way:
    """The way that an address names, or 404."""
    if name not in Way.values:
        raise Http404
    return Way(name)


def request_form(request: HttpRequest, enrolment: Enrolment, option: Option) -> RequestForm:
    """The form of one way, with the cohorts that fit it today."""
    cohorts = targets(enrolment, option.way, timezone.localdate())
    return RequestForm(posted(request), posted_files(request), option=option, cohorts=cohorts)


def file_from(form: Any, *, enrolment: Enrolment, option: Option, by: User) -> MovementRequest | None:
    """The filed request; None when the form is not sent, not valid or refused."""
    if not form.is_valid():
        return None
    filed: MovementRequest | None = carried_out(
        form, requesting.file_request, enrolment=enrolment, way=option.way, by=by, **form.cleaned_data
    )
    return filed
