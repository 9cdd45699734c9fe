"""The check for programs, version 1: facts as JSON, refusals as problem+json (RFC 9457), told by `api_description`.

Version 1 is stable: keys are added, never taken away or given another meaning.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from certificates import spool, verification, watching
from certificates.api_description import DESCRIPTION
from certificates.journal_file import JournalBrokenError
from certificates.models import Way
from certificates.verification import Facts, Status, Verdict
from core.errors import TooMany
from core.throttle import MINUTE, client_address, limit, misses

log = logging.getLogger(__name__)
Answerer = Callable[..., HttpResponse]
HOUR = 3600
# What identifies a kind of problem for good; nothing need be behind the address.
KINDS = {
    404: "not-found",
    405: "method-not-allowed",
    429: "too-many-requests",
    503: "cannot-check-now",
}
_ALLOWED = "GET, HEAD, OPTIONS"


def language_of(request: HttpRequest) -> str:
    """The language of sentences: `?lang=`, else what the program accepts; Kazakh when it says nothing."""
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """A refusal as RFC 9457 has it, in the active language; never kept by anybody."""
    kind = f"urn:course:problem:{KINDS[status]}"
    answer = {"type": kind, "title": title, "status": status, "detail": detail} | more
    response = _json(answer, status=status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _json(answer: Any, *, status: int = 200, content_type: str = "application/json") -> HttpResponse:
    body = json.dumps(answer, ensure_ascii=False, default=str)
    return HttpResponse(body, status=status, content_type=content_type)


def _answers(view: Answerer) -> Answerer:
    """What every answer of the API has in common: methods, limit, language of problems, who may read it."""

    @csrf_exempt  # changes nothing and knows nobody; a POST is refused in the API's own words
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = client_address(request)
        with translation.override(language_of(request)):
            response = _refusal(request, who) or view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.NOT_FOUND:
            misses.add(who)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        # Read-only, public and without cookies: any page may ask in its visitor's browser.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return answer


def _refusal(request: HttpRequest, who: str) -> HttpResponse | None:
    """The answer to a method that there is not, to a question what is allowed, and beyond the limit."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"] = _ALLOWED
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = str(HOUR)
        return response
    if request.method not in ("GET", "HEAD"):
        refused = problem(405, _("This is only read"), _("The check of documents answers GET, and changes nothing."))
        refused.headers["Allow"] = _ALLOWED
        return refused
    try:
        if misses.of(who) >= settings.VERIFICATION_MISSES_PER_MINUTE:
            raise TooMany()
        limit(request, what="api", per_minute=settings.API_CHECKS_PER_MINUTE)
    except TooMany as error:
        refused = problem(429, _("Too many requests"), error.sentence)
        refused.headers["Retry-After"] = str(MINUTE - int(time.time()) % MINUTE)
        return refused
    return None


@_answers
def verify_document_json(request: HttpRequest, token: str) -> HttpResponse:
    """The verdict on a document by the token of its address, with the facts that its page shows."""
    verdict = verification.check(token)
    watching.note(Way.API, verdict)
    if verdict.facts is None:
        return _no_facts(verdict)
    answer = _facts_json(verdict, verdict.facts)
    mark = _mark(answer)
    if _is_known(request, mark):
        response = HttpResponse(status=304)
    else:
        answer["checked_at"] = verdict.checked_at.isoformat(timespec="seconds")
        response = _json(answer)
    response.headers["ETag"] = mark
    # May be kept by who asked, and used again only after asking whether it is still so: a revocation shows at once.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _facts_json(verdict: Verdict, facts: Facts) -> dict[str, Any]:
    """The answer without the time; its keys are always there, null where there is nothing to say."""
    return {
        "status": verdict.status.value,
        "number": facts.number,
        "holder": facts.holder,
        "kind": facts.kind,
        "topic": facts.topic,
        "hours": facts.hours,
        "course": {"from": facts.course_from, "to": facts.course_to},
        "issued_on": facts.issued_on,
        "valid_until": facts.valid_until,
        "revoked_on": facts.revoked_on,
        "organisation": facts.organisation,
        "replaced_by": facts.replaced_by,
        "duplicate_of": facts.duplicate_of,
        "sha256": verdict.sha256 or None,
    }


def _mark(answer: dict[str, Any]) -> str:
    """A weak entity tag over all but the time: two answers with one tag say the same about the document."""
    told = json.dumps(answer, sort_keys=True, ensure_ascii=False, default=str)
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _is_known(request: HttpRequest, mark: str) -> bool:
    """Whether the asking program has the answer with this mark already (If-None-Match, compared weakly)."""
    asked = [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]
    return "*" in asked or mark.removeprefix("W/") in asked


def _no_facts(verdict: Verdict) -> HttpResponse:
    moment = verdict.checked_at.isoformat(timespec="seconds")
    if verdict.status == Status.NOT_FOUND:
        detail = _("The institute has issued no document with this address.")
        return problem(404, _("Not found"), detail, verdict="not_found", checked_at=moment)
    return _unavailable(verdict="unavailable", checked_at=moment)


def _unavailable(**more: Any) -> HttpResponse:
    detail = _("The register does not answer. This says nothing about the document; please ask again later.")
    refused = problem(503, _("Cannot be checked now"), detail, **more)
    refused.headers["Retry-After"] = str(MINUTE)
    return refused


@_answers
def file_json(request: HttpRequest, sha256: str) -> HttpResponse:
    """Which document an issued PDF belongs to, by the digest of its bytes; the file itself is never sent."""
    moment = timezone.now().isoformat(timespec="seconds")
    try:
        known = verification.document_of_file(sha256.lower())
    except (Error, JournalBrokenError) as error:
        log.error("a file cannot be checked: %s", type(error).__name__)
        return _unavailable(verdict="unavailable", checked_at=moment)
    spool.note(Way.FILE, known and known[1])
    if known is None:
        detail = _("None of the files that the institute has issued has these bytes.")
        return problem(404, _("Not found"), detail, verdict="not_found", checked_at=moment)
    answer = {
        "sha256": sha256.lower(),
        "page": reverse("verify_document", args=[known[0]]),
        "verify": reverse("verify_document_json", args=[known[0]]),
        "checked_at": moment,
    }
    response = _json(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


@_answers
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """What a program gets that asks for an address of the API that there is not."""
    return problem(404, _("Not found"), _("The API has no such address; see /api/v1/openapi.json."))


@_answers
def description_json(request: HttpRequest) -> HttpResponse:
    """This API as OpenAPI 3.1, for people who build on it and for their tools."""
    response = _json(DESCRIPTION)
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response
