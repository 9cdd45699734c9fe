"""What must always hold about applications: sealed numbers, their cohort, nothing unconfirmed kept for long."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from enrollment.models import Application, CohortState, Enrolment, EnrolmentState
from enrollment.people_invariants import fits


def broken() -> Iterator[str]:
    """One line per broken invariant. An application without a search value is one whose writer is erased."""
    for application in Application.objects.exclude(iin_digest="").order_by("pk").iterator(chunk_size=1000):
        if not fits(application):
            yield f"application {application.pk}: the sealed IIN and its search value do not belong together"
    astray = Application.objects.filter(enrolment__isnull=False).exclude(enrolment__cohort=F("cohort"))
    for pk in astray.values_list("pk", flat=True):
        yield f"application {pk}: its enrolment is in another cohort"
    late = Application.objects.expired(timezone.now() - timedelta(days=1))  # a day for a worker that was off
    for pk in late.values_list("pk", flat=True):
        yield f"application {pk}: nobody has confirmed it in time, and it is still kept"
    waiting = Enrolment.objects.filter(state=EnrolmentState.WAITING, cohort__state=CohortState.ASSESSING)
    for pk in waiting.values_list("pk", flat=True):
        yield f"enrolment {pk}: waits for a place in a cohort that takes nobody"
