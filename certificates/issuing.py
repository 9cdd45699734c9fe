"""From a closed protocol's outcomes to numbered documents: the wish is recorded by a person, fulfilled by the worker."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.models import Outcome, Protocol, ProtocolState
from certificates.models import Document, IssueBatch, Kind, Signatory, Wish
from certificates.snapshots import take_snapshot
from certificates.validity import valid_until
from core import states
from core.counters import preview_next, take_next
from core.errors import DomainError, Refused
from core.kazakh import search_key
from core.leases import claim_one, release
from core.nudge import nudge
from enrollment.models import Enrolment, EnrolmentState
from programs.grading import band_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Candidate:
    """One outcome of a protocol, the kind of paper it earns, and why it cannot be issued now (empty: it can)."""

    outcome: Outcome
    kind: Kind
    reason: str


def kind_of(outcome: Outcome) -> Kind:
    """Passed: a certificate (R1); below the pass mark: a statement of attendance (R5)."""
    return Kind.CERTIFICATE if outcome.passed else Kind.ATTENDANCE


def number_for(kind: str, year: int, counter: int) -> str:
    """The registration number as printed."""
    return settings.DOCUMENT_NUMBER_FORMATS[kind].format(year=year, counter=counter)


def next_number(kind: str, year: int) -> str:
    """The number that the next document of this kind would get; takes nothing."""
    return number_for(kind, year, preview_next(kind, year))


def candidates(protocol: Protocol) -> list[Candidate]:
    """Everybody whom the protocol decided about, in the order of the alphabet; a constant number of queries."""
    outcomes = list(
        protocol.outcomes.select_related("attempt__enrolment__listener", "band", "protocol").order_by(
            "attempt__enrolment__listener__sort_key", "pk"
        )
    )
    enrolments = [outcome.attempt.enrolment_id for outcome in outcomes]
    live = {(d.enrolment_id, d.kind): d for d in Document.objects.live().filter(enrolment__in=enrolments)}
    wished = set(
        Wish.objects.filter(state=Wish.State.WISHED, outcome__in=outcomes).values_list("outcome_id", flat=True)
    )
    latest = _latest_outcomes(enrolments)
    return [Candidate(o, kind_of(o), _objection(o, live, wished, latest)) for o in outcomes]


def _latest_outcomes(enrolments: Sequence[int]) -> dict[int, int]:
    rows = Outcome.objects.filter(attempt__enrolment__in=enrolments).order_by("pk")
    return dict(rows.values_list("attempt__enrolment_id", "pk"))


def _objection(
    outcome: Outcome, live: dict[tuple[int, str], Document], wished: set[int], latest: dict[int, int]
) -> str:
    """Why no document can be issued on this outcome, as a sentence."""
    enrolment = outcome.attempt.enrolment
    if document := live.get((enrolment.pk, kind_of(outcome))):
        return _("Has No %(number)s of %(date)s already.") % {
            "number": document.number,
            "date": date_format(document.issued_on, "SHORT_DATE_FORMAT"),
        }
    if outcome.pk in wished:
        return _("Is being issued at this moment.")
    if latest[enrolment.pk] != outcome.pk:
        return _("A later protocol has decided about this person anew.")
    if enrolment.state != (EnrolmentState.COMPLETED if outcome.passed else EnrolmentState.NOT_PASSED):
        return _("The enrolment is in the state “%(state)s”.") % {"state": enrolment.get_state_display()}
    if outcome.protocol.state != ProtocolState.CLOSED:
        return _("The protocol is not closed.")
    return ""


def check_terms(*, protocol: Protocol, signatory: Signatory, issued_on: date) -> None:
    """Raise `Refused` unless documents of this protocol may bear this date and signature (R2)."""
    if issued_on > timezone.localdate():
        raise Refused(_("The date of issue lies in the future."))
    if issued_on < protocol.held_on:
        raise Refused(
            _("The date of issue lies before the protocol, %(date)s.")
            % {"date": date_format(protocol.held_on, "SHORT_DATE_FORMAT")}
        )
    if not Signatory.objects.in_power_on(issued_on).filter(pk=signatory.pk).exists():
        raise Refused(
            _("%(name)s has no power to sign on %(date)s.")
            % {"name": signatory.full_name, "date": date_format(issued_on, "SHORT_DATE_FORMAT")}
        )


@transaction.atomic
def wish_documents(
    *,
    protocol: Protocol,
    outcomes: Sequence[Outcome],
    signatory: Signatory,
    issued_on: date,
    language: str = "ru",
    by: User,
) -> IssueBatch:
    """Record that documents shall be issued on these outcomes; the worker does it, person by person.

    `language` is the second one on the papers. Date and signatory are judged here, before anything is numbered.
    Who cannot be issued to is left out; raises `Refused` when nobody is left, so a repeated click makes no second batch.
    """
    check_terms(protocol=protocol, signatory=signatory, issued_on=issued_on)
    Protocol.objects.select_for_update().get(pk=protocol.pk)
    chosen = {outcome.pk for outcome in outcomes}
    able = [c.outcome for c in candidates(protocol) if c.outcome.pk in chosen and not c.reason]
    if not able:
        raise Refused(_("There is nobody left to issue to among those chosen."))
    batch = IssueBatch.objects.create(
        protocol=protocol, signatory=signatory, issued_on=issued_on, language=language, by=by
    )
    Wish.objects.bulk_create([Wish(batch=batch, outcome=outcome) for outcome in able])
    nudge("certificates.issue_wished")
    return batch


def issue_wished() -> int:
    """Fulfil every wish that no other worker holds; returns how many documents were issued.

    Each person is a transaction of its own: the document and the fulfilled wish are stored together or not at all.
    """
    issued = 0
    due = Wish.objects.filter(state=Wish.State.WISHED, attempts__lt=settings.RENDER_ATTEMPTS).order_by("id")
    while wish := claim_one(due):
        try:
            issued += _fulfil(wish)
        except Exception as error:  # noqa: BLE001 - one person's fault must not stop the others
            log.exception("wish %s", wish.pk)
            release(wish, error=f"{type(error).__name__}: {error}", wait_seconds=5 * wish.attempts)
    return issued


def _fulfil(wish: Wish) -> bool:
    """Issue one wished document; a refusal is written down in the language of who wished it."""
    batch = wish.batch
    try:
        with transaction.atomic():
            document = issue(
                outcome=wish.outcome,
                signatory=batch.signatory,
                issued_on=batch.issued_on,
                language=batch.language,
                by=batch.by,
            )
            Wish.objects.filter(pk=wish.pk).update(
                state=Wish.State.ISSUED, document=document, lease_until=None, last_error=""
            )
            nudge("certificates.render_reserved")
    except DomainError as refusal:
        with translation.override(batch.by.language):
            reason = refusal.sentence
        Wish.objects.filter(pk=wish.pk).update(state=Wish.State.REFUSED, reason=reason, lease_until=None)
        return False
    return True


@transaction.atomic
def issue(
    *, outcome: Outcome, signatory: Signatory, issued_on: date, by: User, language: str = "ru", replaces: Document | None = None
) -> Document:
    """One document: number, token and snapshot in one transaction (I1, I2). Its file is made afterwards.

    A repeat returns the live document that is there. Raises `Refused` when outcome, date or signatory do not allow it.
    """
    enrolment = Enrolment.objects.select_for_update().select_related("listener", "cohort").get(pk=outcome.attempt.enrolment_id)
    kind = kind_of(outcome)
    if existing := Document.objects.live().filter(enrolment=enrolment, kind=kind).first():
        return existing
    check_terms(protocol=outcome.protocol, signatory=signatory, issued_on=issued_on)
    _check_decision(outcome, enrolment)
    counter = take_next(kind, issued_on.year)
    document = Document(
        kind=kind,
        enrolment=enrolment,
        outcome=outcome,
        signatory=signatory,
        year=issued_on.year,
        counter=counter,
        number=number_for(kind, issued_on.year, counter),
        token=secrets.token_urlsafe(24),
        holder=enrolment.listener.full_name,
        holder_key=search_key(enrolment.listener.full_name),
        issued_on=issued_on,
        issued_by=by,
        valid_until=valid_until(issued_on, settings.CERTIFICATE_YEARS) if kind == Kind.CERTIFICATE else None,
        replaces=replaces,
    )
    document.snapshot = take_snapshot(
        kind=kind,
        outcome=outcome,
        signatory=signatory,
        issued_on=issued_on,
        valid_until=document.valid_until,
        number=document.number,
        verification_url=document.verification_url,
        second_language=language,
    )
    document.save()
    states.born([document], by=by, basis=str(outcome.protocol))
    return document


def _check_decision(outcome: Outcome, enrolment: Enrolment) -> None:
    """I4: the decision stands, and its total and band are what its points and the pinned rubric give."""
    reason = _objection(outcome, {}, set(), _latest_outcomes([enrolment.pk]))
    if reason:
        raise Refused(reason)
    rubric = enrolment.cohort.rubric
    maxima = dict(rubric.criteria.values_list("code", "max_points"))
    whole = set(outcome.points) == set(maxima) and all(0 <= p <= maxima[c] for c, p in outcome.points.items())
    band = band_for(outcome.total, rubric.bands.all())
    if not whole or sum(outcome.points.values()) != outcome.total or band != outcome.band or band.passed != outcome.passed:
        raise Refused(_("The protocol's line does not agree with the rubric; nothing is issued on it."))
