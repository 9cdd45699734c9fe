"""From a closed protocol's outcomes to numbered documents: a person records the wish, the worker fulfils it."""

import logging
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.models import Outcome, Protocol
from certificates import blanks
from certificates.candidates import candidates, kind_of, latest_outcomes, objection
from certificates.models import Document, DocumentState, IssueBatch, Kind, Wish
from certificates.registering import Terms, register
from certificates.snapshots import SECOND_LANGUAGES, take_snapshot
from certificates.validity import valid_until
from core import states
from core.errors import DomainError, Refused
from core.leases import claim_one, release
from core.nudge import nudge
from enrollment.models import Enrolment, Signatory
from programs.grading import band_for

log = logging.getLogger(__name__)


def validity_of(kind: str, issued_on: date) -> date | None:
    """The last day of validity of a document issued on that day; a statement has none (R4, R5)."""
    return valid_until(issued_on, settings.CERTIFICATE_YEARS) if kind == Kind.CERTIFICATE else None


def check_terms(*, protocol: Protocol, signatory: Signatory, issued_on: date) -> None:
    """Raise `Refused` unless documents of this protocol may bear this date and signature (R2)."""
    if issued_on > timezone.localdate():
        raise Refused(_("The date of issue lies in the future."))
    if issued_on < protocol.held_on:
        raise Refused(
            _("The date of issue lies before the protocol, %(date)s.")
            % {"date": date_format(protocol.held_on, "SHORT_DATE_FORMAT")}
        )
    check_power(signatory, issued_on)


def check_power(signatory: Signatory, day: date) -> None:
    """Raise `Refused` unless the signatory is the head, or acts as head, on that day (R2)."""
    if not Signatory.objects.in_power_on(day).filter(pk=signatory.pk).exists():
        raise Refused(
            _("%(name)s has no power to sign on %(date)s.")
            % {"name": signatory.full_name, "date": date_format(day, "SHORT_DATE_FORMAT")}
        )


@transaction.atomic
def wish_documents(
    *,
    protocol: Protocol,
    outcomes: Sequence[Outcome],
    signatory: Signatory,
    issued_on: date,
    language: str = "ru",
    on_blanks: bool = False,
    by: User,
) -> IssueBatch:
    """Record that documents shall be issued on these outcomes; the worker does it, person by person.

    `language` is the second one on the papers (ru or en). Date and signatory are judged here, before anything is
    numbered. Whoever cannot be issued to stands in the batch as refused, with the reason. The same request once more
    gives the batch that is there; raises `Refused` when there is nobody to issue to, and for certificates `on_blanks`
    (R3) when fewer blanks are free than certificates are asked for.
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
    terms["on_blanks"] = on_blanks
    if all(candidate.reason for candidate in asked):
        if earlier := _earlier_batch(chosen, terms):
            return earlier
        raise Refused(_("There is nobody left to issue to among those chosen."))
    if on_blanks:
        _check_stock(sum(not candidate.reason and candidate.kind == Kind.CERTIFICATE for candidate in asked))
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


def _check_stock(needed: int) -> None:
    """R3: whoever is to get a number gets a blank, or nobody does."""
    free = blanks.free_blanks()
    if free < needed:
        raise Refused(
            _("Security blanks needed: %(needed)s, free: %(free)s. Nothing was issued.")
            % {"needed": needed, "free": max(0, free)}
        )


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
                on_blank=batch.on_blanks,
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
    on_blank: bool = False,
    replaces: Document | None = None,
) -> Document:
    """One document: number, token and snapshot in one transaction (I1, I2). Its file is made afterwards.

    A certificate `on_blank` holds the next security blank before it gets a number, or none of both (R3). A repeat
    returns the live document that is there. Raises `Refused` when outcome, date, signatory or stock do not allow it.
    """
    Enrolment.objects.select_for_update().get(pk=outcome.attempt.enrolment_id)
    outcome = Outcome.objects.select_related(
        "protocol", "band", "attempt__enrolment__listener", "attempt__enrolment__cohort__rubric"
    ).get(pk=outcome.pk)
    enrolment = outcome.attempt.enrolment
    kind = kind_of(outcome)
    if existing := Document.objects.live().filter(enrolment=enrolment, kind=kind).first():
        return existing
    if replaces is None and kind == Kind.CERTIFICATE:
        replaces = _statement_of(enrolment, by)
    check_terms(protocol=outcome.protocol, signatory=signatory, issued_on=issued_on)
    _check_decision(outcome, enrolment)
    blank = blanks.hold_next() if on_blank and kind == Kind.CERTIFICATE else None
    document = register(
        enrolment=enrolment,
        outcome=outcome,
        terms=Terms(kind=kind, signatory=signatory, issued_on=issued_on, valid_until=validity_of(kind, issued_on)),
        printed=lambda document: take_snapshot(
            kind=kind,
            outcome=outcome,
            signatory=signatory,
            issued_on=issued_on,
            valid_until=document.valid_until,
            number=document.number,
            verification_url=document.verification_url,
            second_language=language,
        ),
        basis=str(outcome.protocol),
        replaces=replaces,
        by=by,
    )
    if blank is not None:
        blanks.reserve(blank, document, by=by)
    return document


def _statement_of(enrolment: Enrolment, by: User) -> Document | None:
    """The statement of attendance that a certificate takes the place of: of this enrolment, or of what it continues.

    R6–R9: who passed after all has one paper in force. The statement is ended here, in the transaction of the issue.
    """
    seen: set[int] = set()
    step: Enrolment | None = enrolment
    while step is not None and step.pk not in seen:
        seen.add(step.pk)
        ready = Document.objects.filter(enrolment=step, kind=Kind.ATTENDANCE, state=DocumentState.READY)
        if (statement := ready.select_for_update().first()) is not None:
            with translation.override("kk"):
                reason = _("A certificate is issued in its place.")
            return states.move(statement, DocumentState.REPLACED, by=by, reason=reason)
        step = step.origin
    return None


def _check_decision(outcome: Outcome, enrolment: Enrolment) -> None:
    """I4: the decision stands, and its total and band are what its points and the pinned rubric give."""
    reason = objection(outcome, {}, set(), latest_outcomes([enrolment.pk]))
    if reason:
        raise Refused(reason)
    if outcome.total is None:
        return  # a statement for who has no total: nothing is added up
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
