"""What an administrator makes of a request about a document: a corrected one, a duplicate, or words why not."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates.asking import check_not_expired
from certificates.issuing import check_power
from certificates.models import Cause, CorrectionRequest, CorrectionRequestState, Document, DocumentState
from certificates.registering import Terms, register
from certificates.revoking import LONGEST, check_reason, make_way, reissue
from certificates.snapshots import duplicate_snapshot
from core import outbox, states
from core.errors import MoveRefused, Refused
from core.letters import letter
from core.nudge import nudge
from enrollment.models import Enrolment, Signatory


@transaction.atomic
def carry_out(*, asked: CorrectionRequest, signatory: Signatory, by: User, same_name: bool = False) -> Document:
    """Give what was asked for: the new document, whose number the old one's address will name (I6).

    After a mistake a new document is made from today's register; as long as the register has the very name that is
    printed, that is refused, unless `same_name` says that the mistake lies elsewhere. For a lost or damaged one a
    duplicate is made. The holder is told by letter once (I11). A repeat returns the document that was made. Raises
    `Refused`, `MoveRefused`; then nothing has changed.
    """
    held = _held(asked, by)
    if held.state == CorrectionRequestState.CARRIED_OUT and held.result is not None:
        return held.result
    if held.state != CorrectionRequestState.FILED:
        raise MoveRefused()
    document = held.document
    check_not_expired(document)
    with translation.override("kk"):  # the register's language, like every reason in it
        reason = f"{held.get_cause_display()}: {held.words}"[:LONGEST]
    if held.cause == Cause.TYPO:
        if document.holder == document.enrolment.listener.full_name and not same_name:
            raise Refused(
                _(
                    "The register still has the name as it is printed, %(name)s. Correct it there first, or say that "
                    "the mistake lies elsewhere."
                )
                % {"name": document.holder}
            )
        made = reissue(document=document, reason=reason, signatory=signatory, by=by)
    else:
        made = duplicate(document=document, reason=reason, signatory=signatory, by=by)
    states.move(
        held,
        CorrectionRequestState.CARRIED_OUT,
        by=by,
        basis=made.number,
        decided_by=by,
        decided_at=timezone.now(),
        result=made,
    )
    _tell(held)
    return made


@transaction.atomic
def refuse_request(*, asked: CorrectionRequest, answer: str, by: User) -> CorrectionRequest:
    """Filed → refused, with words that the holder is told by letter once (I11). Raises `Refused`, `MoveRefused`."""
    answer = " ".join(answer.split())[:LONGEST]
    held = _held(asked, by)
    if not answer:
        raise Refused(_("Say why not; the holder reads it."))
    if (held.state, held.answer) == (CorrectionRequestState.REFUSED, answer):
        return held
    states.move(
        held,
        CorrectionRequestState.REFUSED,
        by=by,
        reason=answer,
        answer=answer,
        decided_by=by,
        decided_at=timezone.now(),
    )
    _tell(held)
    return held


@transaction.atomic
def duplicate(
    *, document: Document, reason: str, signatory: Signatory, by: User, issued_on: date | None = None
) -> Document:
    """The same document once more, marked as a duplicate: number and signature of its own, all else as first issued.

    Its validity ends with that of the first one (I7). The old one is replaced and its address says by what (I6). Raises
    `Refused` for a signatory without power on that day and for a certificate that is not valid any more, `MoveRefused`
    for a document that is not in force.
    """
    reason = check_reason(reason, by)
    day = issued_on or timezone.localdate()
    Enrolment.objects.select_for_update().get(pk=document.enrolment_id)
    old = Document.objects.select_related("enrolment", "outcome").get(pk=document.pk)
    if old.state != DocumentState.READY:
        raise MoveRefused()
    check_not_expired(old)
    check_power(signatory, day)
    make_way(old, reason=reason, by=by)
    new = register(
        enrolment=old.enrolment,
        outcome=old.outcome,
        terms=Terms(kind=old.kind, signatory=signatory, issued_on=day, valid_until=old.valid_until),
        printed=lambda made: duplicate_snapshot(
            old.snapshot,
            signatory=signatory,
            issued_on=day,
            number=made.number,
            verification_url=made.verification_url,
        ),
        basis=f"№ {old.number}",
        replaces=old,
        by=by,
    )
    nudge("certificates.render_reserved")
    return new


def _held(asked: CorrectionRequest, by: User) -> CorrectionRequest:
    """The request, locked after its document. Raises `Refused` for anybody but an administrator."""
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Requests about documents are decided by an administrator."))
    Document.objects.select_for_update().get(pk=asked.document_id)
    requests = CorrectionRequest.objects.select_for_update(of=("self",))
    return requests.select_related("document__enrolment__listener__user", "result").get(pk=asked.pk)


def _tell(asked: CorrectionRequest) -> None:
    """The letter about the decision, in the holder's language; none when there is no address."""
    listener = asked.document.enrolment.listener
    recipient = listener.user.email if listener.user else listener.email
    if not recipient:
        return
    language = listener.user.language if listener.user else settings.LANGUAGE_CODE
    with translation.override(language):
        if asked.result is not None:
            lead = _("You have asked about the document No %(old)s. A new one takes its place: No %(new)s.") % {
                "old": asked.document.number,
                "new": asked.result.number,
            }
            rest = _(
                "You will find it in your cabinet. The old one is not valid any more; please return it if you can."
            )
        else:
            lead = _("You have asked about the document No %(old)s. It stays as it is.") % {
                "old": asked.document.number
            }
            rest = _("Answer: %(answer)s") % {"answer": asked.answer}
        outbox.write(
            kind="document-request-decided",
            thing=f"correction request {asked.pk}",
            recipient=recipient,
            subject=_("Your request about a document"),
            body=letter([lead, rest], to=listener.full_name),
        )
    nudge("core.send_messages")
