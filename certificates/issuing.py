"""From a closed protocol's outcomes to numbered documents: a person records the wish, the worker fulfils it."""

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.models import Outcome, Protocol, ProtocolState
from certificates.models import Document, IssueBatch, Kind, Signatory, Wish
from certificates.snapshots import SECOND_LANGUAGES, take_snapshot
from certificates.validity import valid_until
from core import pdf, states
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


def validity_of(kind: str, issued_on: date) -> date | None:
    """The last day of validity of a document issued on that day; a statement has none (R4, R5)."""
    return valid_until(issued_on, settings.CERTIFICATE_YEARS) if kind == Kind.CERTIFICATE else None


def candidates(protocol: Protocol) -> list[Candidate]:
    """Everybody whom the protocol decided about, in the order of the alphabet; a constant number of queries."""
    outcomes = list(
        protocol.outcomes.select_related("attempt__enrolment__listener", "band", "protocol").order_by(
            "attempt__enrolment__listener__sort_key", "pk"
        )
    )
    enrolments = [outcome.attempt.enrolment_id for outcome in outcomes]
    live = {(d.enrolment_id, d.kind): d for d in Document.objects.live().filter(enrolment__in=enrolments)}
    open_wishes = Wish.objects.filter(state=Wish.State.WISHED, outcome__protocol=protocol)
    wished = set(open_wishes.values_list("outcome_id", flat=True))
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


def check_printable(snapshot: dict[str, Any]) -> None:
    """Raise `Refused` when the paper's fonts lack a letter of it: such a document could never be made."""
    try:
        lacking = pdf.missing_letters(json.dumps(snapshot, ensure_ascii=False))
    except pdf.MissingFontError:
        return  # no fault of this paper; the renderer says so, loudly
    if lacking:
        raise Refused(_("The paper's fonts lack these characters: %(codes)s.") % {"codes": ", ".join(lacking)})


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

    `language` is the second one on the papers (ru or en). Date and signatory are judged here, before anything is
    numbered. Whoever cannot be issued to stands in the batch as refused, with the reason. The same request once more
    gives the batch that is there; raises `Refused` when there is nobody to issue to.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Documents are issued by an administrator."))
    if language not in SECOND_LANGUAGES:
        raise Refused(_("The second language of a paper is Russian or English."))
    check_terms(protocol=protocol, signatory=signatory, issued_on=issued_on)
    Protocol.objects.select_for_update().get(pk=protocol.pk)
    chosen = {outcome.pk for outcome in outcomes}
    asked = [candidate for candidate in candidates(protocol) if candidate.outcome.pk in chosen]
    terms = {"protocol": protocol, "signatory": signatory, "issued_on": issued_on, "language": language, "by": by}
    if all(candidate.reason for candidate in asked):
        if earlier := _earlier_batch(chosen, terms):
            return earlier
        raise Refused(_("There is nobody left to issue to among those chosen."))
    batch = IssueBatch.objects.create(**terms)
    Wish.objects.bulk_create(
        Wish(
            batch=batch,
            outcome=candidate.outcome,
            state=Wish.State.REFUSED if candidate.reason else Wish.State.WISHED,
            reason=candidate.reason,
        )
        for candidate in asked
    )
    nudge("certificates.issue_wished")
    return batch


def _earlier_batch(chosen: set[int], terms: dict[str, object]) -> IssueBatch | None:
    """The last batch, if it was wished for in the same words."""
    batch = IssueBatch.objects.filter(**terms).order_by("pk").last()
    same = batch and set(batch.wishes.values_list("outcome_id", flat=True)) == chosen
    return batch if same else None


def issue_wished() -> int:
    """Fulfil every wish that no other worker holds; returns how many documents were issued.

    Each person is a transaction of its own: the document and the fulfilled wish are stored together or not at all. A
    wish that failed RENDER_ATTEMPTS times is refused, so that the administrator sees it and may wish again.
    """
    issued = 0
    while wish := claim_one(Wish.objects.filter(state=Wish.State.WISHED).order_by("id")):
        with translation.override(wish.batch.by.language):
            if wish.attempts > settings.RENDER_ATTEMPTS:
                _refuse(wish, _("The document could not be issued because of a fault. Please ask for it once more."))
                continue
            try:
                issued += _fulfil(wish)
            except Exception as error:  # one person's fault must not stop the others
                log.exception("wish %s", wish.pk)
                release(wish, error=f"{type(error).__name__}: {error}", wait_seconds=5 * wish.attempts)
    return issued


def _fulfil(wish: Wish) -> bool:
    """Issue one wished document, or write down in words why not; False also when another worker was quicker."""
    batch = wish.batch
    try:
        with transaction.atomic():
            held = Wish.objects.select_for_update().filter(pk=wish.pk, state=Wish.State.WISHED)
            if not list(held):
                return False
            document = issue(
                outcome=wish.outcome,
                signatory=batch.signatory,
                issued_on=batch.issued_on,
                language=batch.language,
                by=batch.by,
            )
            held.update(state=Wish.State.ISSUED, document=document, lease_until=None, last_error="")
            nudge("certificates.render_reserved")
    except DomainError as refusal:
        _refuse(wish, refusal.sentence)
        return False
    return True


def _refuse(wish: Wish, reason: str) -> None:
    open_wish = Wish.objects.filter(pk=wish.pk, state=Wish.State.WISHED)
    open_wish.update(state=Wish.State.REFUSED, reason=reason, lease_until=None)


@transaction.atomic
def issue(
    *,
    outcome: Outcome,
    signatory: Signatory,
    issued_on: date,
    by: User,
    language: str = "ru",
    replaces: Document | None = None,
) -> Document:
    """One document: number, token and snapshot in one transaction (I1, I2). Its file is made afterwards.

    A repeat returns the live document that is there. Raises `Refused` when outcome, date or signatory do not allow it.
    """
    Enrolment.objects.select_for_update().get(pk=outcome.attempt.enrolment_id)
    outcome = Outcome.objects.select_related(
        "protocol", "band", "attempt__enrolment__listener", "attempt__enrolment__cohort__rubric"
    ).get(pk=outcome.pk)
    enrolment = outcome.attempt.enrolment
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
        issued_on=issued_on,
        issued_by=by,
        valid_until=validity_of(kind, issued_on),
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
    check_printable(document.snapshot)
    # From the snapshot, not from the listener: a name changed at this very moment must not make them differ.
    document.holder = document.snapshot["holder"]["full"]
    document.holder_key = search_key(document.holder)
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
    if (
        not whole
        or sum(outcome.points.values()) != outcome.total
        or band != outcome.band
        or band.passed != outcome.passed
    ):
        raise Refused(_("The protocol's line does not agree with the rubric; nothing is issued on it."))
