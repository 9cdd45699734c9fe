"""The course agreement: accepted in the cabinet, recorded from paper, and taken along into another cohort."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.counters import take_next
from core.errors import Conflict, Refused
from core.pdf import missing_letters
from core.triggers import MESSAGE
from enrollment import agreement_gaps
from enrollment.agreement_offers import LANGUAGES, Offer, digest, offer_to
from enrollment.cohorts import names_of
from enrollment.models import STUDYING, TO_AGREE, Agreement, AgreementText, CohortState, Enrolment, EnrolmentState
from enrollment.registers import keep

SERIES = "agreement"
TEMPLATE_VERSION = 1
EARLIEST = date(2000, 1, 1)  # no agreement of this institute is older; catches a year typed with two digits
AT_WORK = (CohortState.OPEN, CohortState.RUNNING, CohortState.ASSESSING)


@transaction.atomic
def keep_text(*, text: AgreementText, by: User | None) -> AgreementText:
    """Store a version of the agreement; a new one gets the next number.

    Raises `TextRefused` for a text that cannot be filled or printed, naming the language, and `Refused` for a version
    that somebody has accepted: it never changes, a change is a new version.
    """
    if text.is_used:
        raise Refused(_("This version has been accepted and cannot change. Add a new version."))
    for language, name in settings.LANGUAGES:
        try:
            agreement_gaps.check(getattr(text, f"text_{language}"))
        except agreement_gaps.TextRefused as refusal:
            raise agreement_gaps.TextRefused(f"{name}: {refusal.sentence}") from refusal
    if text.pk is None:
        text.version = (AgreementText.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        return keep(text)
    except Conflict as error:
        if MESSAGE in str(error.__cause__):
            raise Refused(_("This version has been accepted and cannot change. Add a new version.")) from error
        raise


def refuse_unprintable(offer: Offer) -> None:
    """Raise `Refused` when the register has given it letters that no font of the papers has."""
    if lacking := missing_letters("".join(offer.filled.values())):
        raise Refused(
            _("Your particulars have characters that cannot be printed: %(characters)s. Please tell the institute.")
            % {"characters": ", ".join(lacking)}
        )


def why_not_acceptable(enrolment: Enrolment) -> str:
    """Why the agreement of this enrolment cannot be accepted in the cabinet now; empty when it can."""
    if enrolment.state not in TO_AGREE:
        return _("The agreement is accepted after admission to the cohort.")
    if enrolment.cohort.state not in AT_WORK:
        return _("The cohort is not open any more, so its agreement cannot be accepted.")
    return ""


@transaction.atomic
def accept_agreement(*, enrolment: Enrolment, seen: str, language: str, by: User) -> Agreement:
    """The listener accepts the agreement: time, version, all that is printed, and its SHA-256 are stored for good.

    `seen` is the fingerprint of what was read, in `language`. Accepting again returns the same row, also when it was
    recorded on paper meanwhile. Raises `Refused` for anybody but the listener and outside admission and study, and
    `Conflict` when text or particulars have changed since it was read.
    """
    held = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("listener__employer", "cohort__edition", "cohort__rubric")
        .get(pk=enrolment.pk)
    )
    if held.listener.user_id != by.pk:
        raise Refused(_("Only the listener accepts this agreement."))
    if known := Agreement.objects.filter(enrolment=held).first():
        return known
    if sentence := why_not_acceptable(held):
        raise Refused(sentence)
    offer = offer_to(held)
    refuse_unprintable(offer)
    if seen != offer.fingerprint:
        raise Conflict(_("The agreement has changed since you opened it. Please read it again."))
    now = timezone.localtime()
    number = settings.AGREEMENT_NUMBER_FORMAT.format(year=now.year, counter=take_next(SERIES, now.year))
    snapshot = take_snapshot(held, offer, number=number, accepted_at=now.isoformat(), language=language)
    agreement = Agreement.objects.create(
        enrolment=held,
        kind=Agreement.Kind.ELECTRONIC,
        number=number,
        dated_on=now.date(),
        text=offer.text,
        snapshot=snapshot,
        sha256=digest(snapshot),
        by=by,
        at=now,
    )
    carry_along([held])
    return agreement


def take_snapshot(
    enrolment: Enrolment, offer: Offer, *, number: str, accepted_at: str, language: str
) -> dict[str, Any]:
    """All that the agreement's paper prints, as plain values; nothing else is asked afterwards."""
    listener = enrolment.listener
    return {
        "template": TEMPLATE_VERSION,
        "number": number,
        "version": offer.text.version,
        "accepted_at": accepted_at,
        "read_in": language if language in LANGUAGES else settings.LANGUAGE_CODE,
        "institute": dict(settings.INSTITUTE_NAME),
        "city": dict(settings.INSTITUTE_CITY),
        "host": settings.PUBLIC_HOST,
        "holder": listener.full_name,
        "cohort": enrolment.cohort.code,
        "text": dict(offer.filled),
    }


@transaction.atomic
def record_paper_agreements(
    *,
    enrolments: Sequence[Enrolment],
    dated_on: date,
    by: User | None,
    number: str = "",
    numbers: Mapping[int, str] | None = None,
) -> None:
    """Note for each of them that the agreement is on file on paper; who has one keeps it. Two queries, however many.

    `numbers` gives single people (by the enrolment's key) a number other than `number`. Raises `Refused` for a date in
    the future or before 2000, and for people who do not take part, naming them; then nothing is noted.
    """
    if dated_on > timezone.localdate():
        raise Refused(_("The agreement's date lies in the future."))
    if dated_on < EARLIEST:
        raise Refused(_("The agreement's date cannot be before 2000."))
    if away := [enrolment for enrolment in enrolments if enrolment.state not in STUDYING]:
        raise Refused(
            _("They do not take part in the cohort, so no agreement is recorded: %(names)s.")
            % {"names": names_of(away)}
        )
    own = numbers or {}
    Agreement.objects.bulk_create(
        [
            Agreement(
                enrolment=enrolment,
                kind=Agreement.Kind.PAPER,
                number=" ".join(own.get(enrolment.pk, number).split()),
                dated_on=dated_on,
                by=by,
            )
            for enrolment in enrolments
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    # Nothing continues an enrolment that no order has enrolled yet.
    carry_along([enrolment for enrolment in enrolments if enrolment.state != EnrolmentState.ADMITTED])


def carry_along(origins: Collection[Enrolment]) -> None:
    """Give enrolments that continue one of `origins` the agreement made then; who has one keeps it.

    Called when an order opens such an enrolment, and when an agreement comes later than that. Two queries at most for
    each further cohort that somebody went to.
    """
    while origins:
        continued = list(
            Enrolment.objects.filter(origin__in=origins, origin__agreement__isnull=False, agreement=None)
            .select_related("origin__agreement__continues")
            .order_by("pk")
        )
        Agreement.objects.bulk_create(
            [
                Agreement(
                    enrolment=enrolment,
                    kind=Agreement.Kind.CONTINUED,
                    number=made.number,
                    dated_on=made.dated_on,
                    by=made.by,
                    continues=made,
                )
                for enrolment in continued
                if enrolment.origin and (made := enrolment.origin.agreement.made)
            ],
            ignore_conflicts=True,
        )
        origins = continued
