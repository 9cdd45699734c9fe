"""A document is to be corrected or made once more: its holder, or an administrator for the holder, asks."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates.models import Cause, CorrectionRequest, CorrectionRequestState, Document, DocumentState
from core import states
from core.errors import MoveRefused, Refused

LONGEST_WORDS, LONGEST_BASIS = 1000, 300


@transaction.atomic
def ask_correction(*, document: Document, cause: str, words: str, basis: str = "", by: User) -> CorrectionRequest:
    """Ask for a corrected document (`Cause.TYPO`) or a duplicate (lost, damaged); the old one stays in force meanwhile.

    `basis` names the paper that the request rests on (an identity card, a letter). The same request once more is that
    which waits. Raises `Refused` for anybody but the holder and administrators, without words, while another request
    waits, and for a certificate whose validity has run out; `MoveRefused` for a document that is not in force.
    """
    words, basis = " ".join(words.split())[:LONGEST_WORDS], " ".join(basis.split())[:LONGEST_BASIS]
    held = Document.objects.select_for_update(of=("self",)).select_related("enrolment__listener").get(pk=document.pk)
    if Role.ADMINISTRATOR not in by.roles and held.enrolment.listener.user_id != by.pk:
        raise Refused(_("Only its holder may ask for that, or an administrator."))
    if cause not in Cause.values:
        raise Refused(_("Say what is wrong with the document."))
    if not words:
        raise Refused(_("Say in your own words what happened or what is to be corrected."))
    if held.state != DocumentState.READY:
        raise MoveRefused()
    check_not_expired(held)
    if (waiting := CorrectionRequest.objects.open().filter(document=held).first()) is not None:
        if (waiting.cause, waiting.words, waiting.basis) == (cause, words, basis):
            return waiting
        raise Refused(_("A request about this document waits for a decision already."))
    asked = CorrectionRequest.objects.create(document=held, cause=cause, words=words, basis=basis, asked_by=by)
    states.born([asked], by=by, basis=held.number)
    return asked


@transaction.atomic
def take_back(*, asked: CorrectionRequest, by: User) -> CorrectionRequest:
    """Filed → taken back, by who asked or by the document's holder. Raises `Refused`, `MoveRefused`."""
    held = CorrectionRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if by.pk not in (held.asked_by_id, held.document.enrolment.listener.user_id):
        raise Refused(_("Only its holder may ask for that, or an administrator."))
    if held.state == CorrectionRequestState.TAKEN_BACK:
        return held
    return states.move(held, CorrectionRequestState.TAKEN_BACK, by=by, decided_by=by, decided_at=timezone.now())


def check_not_expired(document: Document) -> None:
    """Raise `Refused` for a certificate that is not valid any more: a new paper would confirm nothing (R4)."""
    if document.valid_until is not None and document.is_expired():
        raise Refused(
            _("Its validity ended on %(date)s; it is neither corrected nor made once more.")
            % {"date": date_format(document.valid_until, "SHORT_DATE_FORMAT")}
        )
