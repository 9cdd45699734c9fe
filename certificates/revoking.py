"""Taking a document back: revoked for good, or replaced by a new one with a new number. Nothing is deleted (I6)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates import journal
from certificates.issuing import issue
from certificates.models import Document, DocumentState
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
def revoke(*, document: Document, reason: str, by: User) -> Document:
    """End a document; verification says “revoked” from now on, for good. Raises `Refused`, `MoveRefused`."""
    reason = check_reason(reason, by)
    today = timezone.localdate()
    revoked = states.move(
        document, DocumentState.REVOKED, by=by, reason=reason, revoked_on=today, revocation_reason=reason
    )
    journal.note_revoked(revoked, today)
    return revoked


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
    states.move(old, DocumentState.REPLACED, by=by, reason=reason)
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
