"""What must always hold about agreements: what was accepted is what is kept, and it goes along."""

from collections.abc import Iterator

from django.db.models import F

from enrollment.agreement_offers import digest
from enrollment.models import Agreement, Enrolment


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _agreements()


def _agreements() -> Iterator[str]:
    accepted = Agreement.objects.filter(kind=Agreement.Kind.ELECTRONIC).select_related("text").order_by("pk")
    accepted = accepted.filter(enrolment__listener__pseudonymised_at=None)  # an erased name changes the snapshot
    for agreement in accepted.iterator(chunk_size=500):
        if agreement.sha256 != digest(agreement.snapshot):
            yield f"agreement {agreement.pk}: what was accepted and its SHA-256 do not belong together"
        elif agreement.text and (agreement.snapshot or {}).get("version") != agreement.text.version:
            yield f"agreement {agreement.pk}: its snapshot is of another version of the text"
    lost = Enrolment.objects.filter(origin__agreement__isnull=False, agreement=None)
    for pk in lost.values_list("pk", flat=True):
        yield f"enrolment {pk}: the agreement of the enrolment that it continues has not gone along"
    strangers = Agreement.objects.filter(kind=Agreement.Kind.CONTINUED).exclude(
        continues__enrolment__listener=F("enrolment__listener")
    )
    for pk in strangers.values_list("pk", flat=True):
        yield f"agreement {pk}: continues that of another person"
