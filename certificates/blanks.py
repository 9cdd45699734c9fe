"""What happens to security blanks (R3): received, reserved, used, spoiled, lost, written off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates.models import Blank, BlankDelivery, BlankState, Document, DocumentState, Kind, Wish, WriteOffAct
from certificates.models.blanks import HOLDING
from core import states
from core.counters import take_next
from core.errors import Refused

MOST_AT_ONCE = 10_000
COMMISSION = 3
PRINTED = "printed"  # what a run says of a blank that is used from now on


@dataclass(frozen=True)
class Member:
    """A member of the commission that writes blanks off."""

    name: str
    position: str


def check_administrator(by: User) -> None:
    """Raise `Refused` for anybody but an administrator."""
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Blanks are accounted for by an administrator."))


@transaction.atomic
def receive_blanks(
    *, series: str, first: int, last: int, supplier: str, note: str, received_on: date, by: User
) -> BlankDelivery:
    """Take a delivery into stock, blank by blank. The same delivery once more is the one that is there.

    Raises `Refused` for numbers that were received already, for none or more than MOST_AT_ONCE, and for a date to come.
    """
    check_administrator(by)
    series = series.strip().upper()
    if not series or not 0 < first <= last:
        raise Refused(_("Give the series, the first and the last number."))
    if last - first >= MOST_AT_ONCE:
        raise Refused(_("More than %(most)s blanks at once: please look at the numbers.") % {"most": MOST_AT_ONCE})
    if received_on > timezone.localdate():
        raise Refused(_("The date lies in the future."))
    facts = {"series": series, "first": first, "last": last, "supplier": supplier.strip(), "note": note.strip()}
    if known := BlankDelivery.objects.filter(**facts, received_on=received_on).first():
        return known
    taken = Blank.objects.filter(series=series, number__range=(first, last)).first()
    if taken is not None:
        raise Refused(_("The blank %(blank)s was received already.") % {"blank": taken})
    delivery = BlankDelivery.objects.create(**facts, received_on=received_on, by=by)
    try:
        with transaction.atomic():
            Blank.objects.bulk_create(
                (Blank(delivery=delivery, series=series, number=number) for number in range(first, last + 1)),
                batch_size=500,
            )
    except IntegrityError as error:
        raise Refused(_("Somebody has just received some of these blanks.")) from error
    states.born(delivery.blanks.all(), by=by, basis=delivery.note)  # type: ignore[attr-defined]
    return delivery


def free_blanks() -> int:
    """Blanks in stock that no open wish for a certificate on a blank counts on."""
    promised = Wish.objects.filter(state=Wish.State.WISHED, batch__on_blanks=True, outcome__passed=True).count()
    return Blank.objects.filter(state=BlankState.IN_STOCK).count() - promised


def hold_next() -> Blank:
    """The lowest blank in stock that nobody else holds, locked. Raises `Refused` when there is none."""
    free = Blank.objects.filter(state=BlankState.IN_STOCK).order_by("series", "number")
    skips = connection.features.has_select_for_update_skip_locked
    blank = free.select_for_update(skip_locked=skips).first()
    if blank is None:
        raise Refused(_("There is no blank left in stock."))
    return blank


def reserve(blank: Blank, document: Document, *, by: User) -> Blank:
    """In stock → reserved for this document; in the transaction that holds the blank."""
    return states.move(blank, BlankState.RESERVED, by=by, basis=document.number, document=document)


def blank_of(document: Document) -> Blank | None:
    """The blank that the document lies on, or will."""
    return Blank.objects.filter(document=document, state__in=HOLDING).first()


@transaction.atomic
def give_blank(*, document: Document, by: User) -> Blank:
    """A blank for a certificate that has none: a duplicate, or one that was issued for plain paper.

    Returns the one it has. Raises `Refused` for any other kind, for one not in force, and without blanks in stock.
    """
    check_administrator(by)
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.kind != Kind.CERTIFICATE or held.state not in (DocumentState.RESERVED, DocumentState.READY):
        raise Refused(_("Only a certificate that is in force is printed on a blank."))
    return blank_of(held) or reserve(hold_next(), held, by=by)


@transaction.atomic
def record_printed(*, blank: Blank, by: User) -> Blank:
    """Reserved → used. A repeat changes nothing; raises `MoveRefused` for any other state."""
    check_administrator(by)
    held = Blank.objects.select_for_update().get(pk=blank.pk)
    return held if held.state == BlankState.USED else states.move(held, BlankState.USED, by=by)


@transaction.atomic
def record_failed(*, blank: Blank, state: str, reason: str, by: User) -> Blank | None:
    """In stock or reserved → spoiled or lost, with the reason; the document that it was for takes the next blank.

    Returns that next blank; None when the blank was for no document, or when the stock is empty (`give_blank` later).
    Raises `Refused` without a reason, `MoveRefused` for a used blank.
    """
    check_administrator(by)
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Refused(_("Give the reason."))
    held = Blank.objects.select_for_update(of=("self",)).select_related("document").get(pk=blank.pk)
    states.move(held, state, by=by, reason=reason)
    if held.document is None:
        return None
    try:
        return reserve(hold_next(), held.document, by=by)
    except Refused:
        return None


@transaction.atomic
def record_run(*, results: Iterable[tuple[Blank, str]], reason: str, by: User) -> None:
    """What became of each blank of a run: `PRINTED`, spoiled or lost; all of it is recorded, or nothing.

    Raises as `record_printed` and `record_failed` do.
    """
    for blank, result in results:
        if result == PRINTED:
            record_printed(blank=blank, by=by)
        else:
            record_failed(blank=blank, state=result, reason=reason, by=by)


def release_blank(document: Document, *, by: User) -> None:
    """A document that has ended needs no blank: a reserved one goes back into stock, a used one stays used."""
    blank = Blank.objects.select_for_update().filter(document=document, state=BlankState.RESERVED).first()
    if blank is not None:
        states.move(blank, BlankState.IN_STOCK, by=by, basis=document.number, document=None)


@transaction.atomic
def write_off(
    *, blanks: Iterable[Blank], dated_on: date, commission: Sequence[Member], reason: str, by: User
) -> WriteOffAct:
    """Spoiled or lost → written off, by an act of a commission of three with a number of its own.

    Raises `Refused` without blanks, reason or three different members, for a date to come, and for a blank that is
    neither spoiled nor lost; then nothing is written off.
    """
    check_administrator(by)
    keys = {blank.pk for blank in blanks}
    held = list(Blank.objects.select_for_update().filter(pk__in=keys).order_by("series", "number"))
    members = [Member(" ".join(m.name.split()), " ".join(m.position.split())) for m in commission]
    reason = " ".join(reason.split())[:500]
    if not held or not reason:
        raise Refused(_("Choose the blanks and give the reason."))
    if len({member.name for member in members}) != COMMISSION or not all(m.name and m.position for m in members):
        raise Refused(_("The commission has three members, each with name and position."))
    if dated_on > timezone.localdate():
        raise Refused(_("The date lies in the future."))
    for blank in held:
        if not blank.can_move(BlankState.WRITTEN_OFF):
            raise Refused(
                _("%(blank)s is %(state)s; only spoiled and lost blanks are written off.")
                % {"blank": blank, "state": blank.get_state_display()}
            )
    number = f"{take_next('blank-act', dated_on.year)}-{dated_on.year}"
    act = WriteOffAct.objects.create(
        number=number,
        dated_on=dated_on,
        reason=reason,
        by=by,
        snapshot={
            "number": number,
            "dated_on": dated_on.isoformat(),
            "reason": reason,
            "commission": [{"name": member.name, "position": member.position} for member in members],
            "blanks": [{"blank": str(blank), "state": blank.state, "why": _why(blank)} for blank in held],
        },
    )
    for blank in held:
        states.move(blank, BlankState.WRITTEN_OFF, by=by, basis=act.number, act=act)
    return act


def _why(blank: Blank) -> str:
    entry = blank.audit_trail().first()
    return entry.reason if entry else ""
