"""Taking a document back: revoked for good, or replaced by a new one with a new number. Nothing is deleted (I6)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates import journal
from certificates.blanks import release_blank
from certificates.issuing import issue
from certificates.models import Document, DocumentState, Revocation, RevocationState
from core import states
from core.errors import MoveRefused, Refused
from core.nudge import nudge
from enrollment.models import Signatory

LONGEST = 500


def check_reason(reason: str, by: User) -> str:
    """The reason with single spaces; raises `Refused` without one, and for anybody but an administrator."""
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Documents are taken back by an administrator."))
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Give the reason."))
    if len(reason) > LONGEST:
        raise Refused(_("The reason is longer than %(length)s characters.") % {"length": LONGEST})
    return reason


@transaction.atomic
def propose_revocation(*, document: Document, reason: str, by: User) -> Revocation:
    """Propose to end a document; it stays in force until a second administrator approves.

    The same proposal once more is the one that waits. Raises `Refused` while another one waits, `MoveRefused` for a
    document that is not in force.
    """
    reason = check_reason(reason, by)
    held = Document.objects.select_for_update().get(pk=document.pk)
    if not held.can_move(DocumentState.REVOKED):
        raise MoveRefused()
    waiting = Revocation.objects.open().filter(document=held).select_related("proposed_by").first()
    if waiting is not None:
        if (waiting.reason, waiting.proposed_by_id) == (reason, by.pk):
            return waiting
        raise Refused(
            _("%(name)s has proposed to revoke it; that waits for a decision.") % {"name": waiting.proposed_by}
        )
    proposal = Revocation.objects.create(document=held, reason=reason, proposed_by=by)
    states.born([proposal], by=by, reason=reason, basis=held.number)
    return proposal


@transaction.atomic
def approve_revocation(*, revocation: Revocation, by: User) -> Document:
    """End the document by a second person's word; verification says “revoked” from now on, for good.

    Raises `Refused` for who proposed it and for anybody but an administrator, `MoveRefused` when it is decided already
    or the document has been replaced meanwhile.
    """
    document, held = _held(revocation, by)
    if held.proposed_by_id == by.pk:
        raise Refused(_("A second administrator approves it, not the one who proposed it."))
    today = timezone.localdate()
    states.move(held, RevocationState.APPROVED, by=by, decided_by=by, decided_at=timezone.now())
    revoked = states.move(
        document, DocumentState.REVOKED, by=by, reason=held.reason, revoked_on=today, revocation_reason=held.reason
    )
    journal.note_revoked(revoked, today)
    release_blank(revoked, by=by)
    return revoked


@transaction.atomic
def decline_revocation(*, revocation: Revocation, answer: str, by: User) -> Revocation:
    """Decline a proposal with words, or take one's own back; the document stays in force. Raises as approving does."""
    _document, held = _held(revocation, by)
    own = held.proposed_by_id == by.pk
    answer = " ".join(answer.split())
    if not (own or answer):
        raise Refused(_("Say why it is not revoked."))
    if len(answer) > LONGEST:
        raise Refused(_("The reason is longer than %(length)s characters.") % {"length": LONGEST})
    state = RevocationState.WITHDRAWN if own else RevocationState.DECLINED
    return states.move(held, state, by=by, reason=answer, answer=answer, decided_by=by, decided_at=timezone.now())


def _held(revocation: Revocation, by: User) -> tuple[Document, Revocation]:
    """Document and proposal, locked in this order. Raises `Refused` for anybody but an administrator."""
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Documents are taken back by an administrator."))
    document = Document.objects.select_for_update().get(pk=revocation.document_id)
    return document, Revocation.objects.select_for_update(of=("self",)).get(pk=revocation.pk)


def make_way(old: Document, *, reason: str, by: User) -> None:
    """End a ready document for one that replaces it, in the transaction that makes the new one (I6)."""
    for waiting in Revocation.objects.open().filter(document=old):
        decline_revocation(revocation=waiting, answer=_("The document is replaced by a new one."), by=by)
    states.move(old, DocumentState.REPLACED, by=by, reason=reason)
    release_blank(old, by=by)


@transaction.atomic
def reissue(
    *, document: Document, reason: str, signatory: Signatory, by: User, issued_on: date | None = None
) -> Document:
    """Replace a ready document by a new one, made from today's names, with a new number and a link to the old (I6).

    The old one's address then says “replaced by No …”. Raises `Refused`, `MoveRefused`; then nothing has changed, and
    `document` still says what is stored.
    """
    reason = check_reason(reason, by)
    old = Document.objects.select_related("outcome").get(pk=document.pk)
    if old.outcome is None:
        raise Refused(_("This document does not rest on a protocol and cannot be issued anew."))
    if old.state != DocumentState.READY:
        raise MoveRefused()
    make_way(old, reason=reason, by=by)
    new = issue(
        outcome=old.outcome,
        signatory=signatory,
        issued_on=issued_on or timezone.localdate(),
        language=old.snapshot["languages"][-1],
        by=by,
        replaces=old,
    )
    nudge("certificates.render_reserved")
    return new
