"""Corrections of names: asked for by the listener, decided by an administrator, told by letter once.

Documents that are issued rest on their own snapshots and stay as they are; a new one is issued in place of an old one
by `certificates.revoking.reissue`, which takes the name from the register as it is then.
"""

from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, Refused
from core.letters import letter
from core.names import clean_name
from core.nudge import nudge
from core.states import born, move
from enrollment.models import CorrectionState, Listener, NameCorrection


class Name(NamedTuple):
    """The three parts of a name as in the identity card; the patronymic may be empty."""

    surname: str
    given_name: str
    patronymic: str


def name_of(row: Listener | NameCorrection) -> Name:
    """The name that this row bears."""
    return Name(row.surname, row.given_name, row.patronymic)


@transaction.atomic
def file_correction(*, listener: Listener, name: Name, words: str, by: User) -> NameCorrection:
    """Ask for another spelling; the name is written as `core.names` writes it. The same request once more is that one.

    Raises `NameRefused` for what is no name, and `Refused` when nothing would change, when another request is still
    open and for an entry that is not used any more.
    """
    wanted = Name(*(clean_name(part).value for part in name))
    held = Listener.objects.select_for_update(of=("self",)).get(pk=listener.pk)
    if held.merged_into_id or held.pseudonymised_at:
        raise Refused(_("This entry is not used any more; its name cannot be corrected."))
    if not wanted.surname or not wanted.given_name:
        raise Refused(_("Give the surname and the given name."))
    words = words.strip()
    if before := held.corrections.filter(state=CorrectionState.FILED).first():
        if (name_of(before), before.words) == (wanted, words):
            return before
        raise Refused(_("You have asked for a correction already. Please wait until it is decided."))
    if wanted == name_of(held):
        raise Refused(_("The name is already written in this way."))
    correction = NameCorrection(listener=held, words=words, filed_by=by, **wanted._asdict())
    try:
        with transaction.atomic():
            correction.save()
    except IntegrityError as error:
        raise Conflict(_("You have asked for a correction already. Please wait until it is decided.")) from error
    born([correction], by=by)
    return correction


@transaction.atomic
def make_correction(*, correction: NameCorrection, by: User, answer: str = "") -> NameCorrection:
    """Filed → made: the register and the account bear the new spelling, the old one stays in the history.

    The listener is told by letter once (I11). A correction that is made already is returned as it is. Raises
    `MoveRefused` for a refused one, `Refused` for an entry that is not used any more.
    """
    held, listener = _locked(correction)
    if held.state == CorrectionState.MADE:
        return held
    if listener.merged_into_id or listener.pseudonymised_at:
        raise Refused(_("This entry is not used any more; its name cannot be corrected."))
    move(held, CorrectionState.MADE, by=by, answer=answer.strip()[:1000])
    listener.surname, listener.given_name, listener.patronymic = name_of(held)
    listener._change_reason = f"NameCorrection {held.pk}"
    listener.save()
    if listener.user:
        listener.user.full_name = listener.full_name[:120]
        listener.user.save(update_fields=["full_name"])
    _tell(held, listener)
    return held


@transaction.atomic
def refuse_correction(*, correction: NameCorrection, answer: str, by: User) -> NameCorrection:
    """Filed → refused, with an answer that the listener is told by letter once (I11).

    Raises `Refused` without an answer, `MoveRefused` for a correction that is made.
    """
    answer = answer.strip()[:1000]
    if not answer:
        raise Refused(_("Say why the name is not corrected; the listener reads it."))
    held, listener = _locked(correction)
    if (held.state, held.answer) == (CorrectionState.REFUSED, answer):
        return held
    move(held, CorrectionState.REFUSED, by=by, answer=answer)
    _tell(held, listener)
    return held


def _locked(correction: NameCorrection) -> tuple[NameCorrection, Listener]:
    """Both rows held, the listener first, as merging holds them. Raises `Conflict` when merging came in between."""
    people = Listener.objects.select_for_update(of=("self",)).select_related("user")
    listener = people.get(pk=correction.listener_id)
    held = NameCorrection.objects.select_for_update().get(pk=correction.pk)
    if held.listener_id != listener.pk:
        raise Conflict(_("Two entries of this person have just been merged. Open the page again."))
    return held, listener


def _tell(correction: NameCorrection, listener: Listener) -> None:
    """The letter about the decision, in the listener's language; none when there is no address."""
    recipient = listener.user.email if listener.user else listener.email
    if not recipient:
        return
    language = listener.user.language if listener.user else settings.LANGUAGE_CODE
    with translation.override(language):
        made = correction.state == CorrectionState.MADE
        lead = _("Your name is corrected. From now on it is written:") if made else _("Your name was not corrected.")
        rest = _(
            "Documents that are already issued stay as they were issued and remain valid. If you need a new document "
            "in place of one of them, ask the institute."
        )
        paragraphs = [
            f"{lead}\n{correction}" if made else lead,
            _("Answer: %(answer)s") % {"answer": correction.answer} if correction.answer else "",
            rest if made else "",
        ]
        outbox.write(
            kind="name-corrected" if made else "name-not-corrected",
            thing=f"name correction {correction.pk}",
            recipient=recipient,
            subject=_("The spelling of your name"),
            body=letter(paragraphs, to=listener.full_name),
        )
    nudge("core.send_messages")
