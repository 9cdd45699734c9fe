"""Requests to be moved: filed, supported by papers, taken back, refused. An order carries one out (R6–R9).

Each verb holds the enrolment's row, as the signing of an order does, so that no request is decided twice.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from core.errors import Conflict, Refused
from core.private_files import Upload
from core.states import born, move
from enrollment import request_letters, request_papers
from enrollment.models import (
    WITH_PAPERS,
    WITH_REASON,
    Cohort,
    Enrolment,
    MovementRequest,
    Reason,
    RequestState,
    SupportingPaper,
    Way,
)
from enrollment.request_targets import WITH_COHORT, why_not_into
from enrollment.standings import limits, standing_of
from enrollment.ways import WayOut, ways

LONGEST = 2000  # characters of the words and of the answer


class AlreadyAsked(Conflict):
    """The enrolment has an open request already."""


def file_request(
    *,
    enrolment: Enrolment,
    way: str,
    by: User,
    reason: str = "",
    words: str = "",
    cohort: Cohort | None = None,
    until: date | None = None,
    papers: Sequence[Upload] = (),
) -> MovementRequest:
    """File a request, by the listener or by an administrator who writes it down for one.

    Only for a way that is open today (the sentence of `enrollment.ways` says why not otherwise); a transfer and a
    deferral need a reason from the list and words (R8, R9), a deferral a date within what it may last and a paper. A
    cohort, where one is named, is one that could take the person today. The same open request again is that request.
    Raises `AlreadyAsked` beside another open one, `Refused` for everything else, and keeps no file then.
    """
    _refuse_stranger(enrolment, by)
    asked = MovementRequest(
        enrolment=enrolment,
        way=way,
        reason=reason,
        words=words.replace("\r\n", "\n").strip(),
        cohort=cohort,
        until=until,
        filed_by=by,
    )
    checked = request_papers.check(papers)
    with transaction.atomic():
        held = _held(enrolment)
        asked.enrolment = held
        if (known := held.requests.open().first()) is not None:
            return _same_or_refuse(known, asked)
        _check(asked, ways(standing_of(held), timezone.localdate(), limits()))
        if asked.way in WITH_PAPERS and not checked:
            raise Refused(_("Add a paper that supports the request: without one it cannot be granted."))
        asked.save()
        born([asked], by=by)
        request_papers.store(asked, checked, by=by)
    return asked


def add_papers(*, request: MovementRequest, uploads: Sequence[Upload], by: User) -> list[SupportingPaper]:
    """Add papers to an open request, all or none; a file that is there already is the same paper.

    Raises `Refused` for a file that is not taken, the sixth paper, a decided request, a stranger; no file is kept then.
    """
    _refuse_stranger(request.enrolment, by)
    checked = request_papers.check(uploads)
    with transaction.atomic():
        return request_papers.store(_open(request), checked, by=by)


@transaction.atomic
def take_back(*, request: MovementRequest, by: User) -> MovementRequest:
    """Filed → taken back, by the listener or by who filed it; its papers are erased. Taken back again: no change.

    Raises `Refused` for anybody else and once it is decided.
    """
    if by.pk not in (request.enrolment.listener.user_id, request.filed_by_id):
        raise Refused(_("A request is taken back by who filed it."))
    _held(request.enrolment)
    stored = MovementRequest.objects.get(pk=request.pk)
    if stored.state == RequestState.TAKEN_BACK:
        return stored
    held = _open(request)
    request_papers.discard(held)
    return move(held, RequestState.TAKEN_BACK, by=by)


@transaction.atomic
def refuse_request(*, request: MovementRequest, answer: str, by: User) -> MovementRequest:
    """Filed → refused, with an answer that the listener is told once (I11). The same answer again changes nothing.

    Raises `Refused` without an answer, for another role, and once it is decided.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Requests are decided by an administrator."))
    answer = answer.replace("\r\n", "\n").strip()
    if not answer:
        raise Refused(_("Write an answer: the listener reads it."))
    if len(answer) > LONGEST:
        raise Refused(_("The text is longer than %(longest)s characters.") % {"longest": LONGEST})
    _held(request.enrolment)
    stored = MovementRequest.objects.get(pk=request.pk)
    if (stored.state, stored.answer) == (RequestState.REFUSED, answer):
        return stored
    held = _open(request)
    move(held, RequestState.REFUSED, by=by, answer=answer)
    request_letters.tell_refused(held)
    return held


def _held(enrolment: Enrolment) -> Enrolment:
    """The stored row, held until the transaction ends."""
    enrolments = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort__edition", "listener__user")
    return enrolments.get(pk=enrolment.pk)


def _open(request: MovementRequest) -> MovementRequest:
    """The stored request with its enrolment held. Raises `Refused` once it is decided."""
    _held(request.enrolment)
    held = MovementRequest.objects.with_people().get(pk=request.pk)
    if not held.is_open:
        raise Refused(_("The request is decided already: %(state)s.") % {"state": held.get_state_display()})
    return held


def _refuse_stranger(enrolment: Enrolment, by: User) -> None:
    if Role.ADMINISTRATOR not in by.roles and enrolment.listener.user_id != by.pk:
        raise Refused(_("A request is filed by the listener or by an administrator."))


def _same_or_refuse(known: MovementRequest, asked: MovementRequest) -> MovementRequest:
    """The open request, if it asks for the same; a second one waits until the first is decided."""
    content = ("way", "reason", "words", "cohort_id", "until")
    if all(getattr(known, name) == getattr(asked, name) for name in content):
        return known
    raise AlreadyAsked(_("There is an open request already. Take it back to file another."))


def _check(asked: MovementRequest, open_ways: dict[Way, WayOut]) -> None:
    """Raises `Refused` unless the way is open and what is said fits it."""
    if asked.way not in Way.values:
        raise Refused(_("This cannot be asked for."))
    out = open_ways[Way(asked.way)]
    if not out.is_open:
        raise Refused(out.why_not)
    _check_reason(asked)
    if asked.way == Way.DEFERRAL:
        _check_until(asked.until, out.until)
    elif asked.until is not None:
        raise Refused(_("Only a deferral is asked for until a day."))
    if asked.cohort is None:
        return
    if asked.way not in WITH_COHORT:
        raise Refused(_("For this no other cohort is chosen."))
    if why_not := why_not_into(asked.cohort, asked.enrolment, Way(asked.way), timezone.localdate()):
        raise Refused(why_not)


def _check_reason(asked: MovementRequest) -> None:
    if asked.reason and asked.reason not in Reason.values:
        raise Refused(_("Choose a reason from the list."))
    if len(asked.words) > LONGEST:
        raise Refused(_("The text is longer than %(longest)s characters.") % {"longest": LONGEST})
    if asked.way not in WITH_REASON:
        return
    if not asked.reason:
        raise Refused(_("Choose a reason from the list."))
    if not asked.words:
        raise Refused(_("Explain the reason in a few words."))


def _check_until(until: date | None, last: date | None) -> None:
    today = timezone.localdate()
    if until is None or last is None:
        raise Refused(_("Say until when the course is to be deferred."))
    if not today < until <= last:
        raise Refused(
            _("A deferral lasts beyond today and until %(last)s at the latest.")
            % {"last": date_format(last, "SHORT_DATE_FORMAT")}
        )
