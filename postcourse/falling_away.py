"""Support whose ground has gone: a correction says that the person has not passed, so what is ahead is called off."""

from django.utils import translation
from django.utils.translation import gettext as _

from postcourse import consultations
from postcourse.models import Consultation


def call_off_corrected() -> int:
    """Cancel every open consultation whose outcome was corrected to one that does not pass; returns how many.

    Each is a transaction of its own and tells both sides once; running it twice, or in two workers, changes nothing.
    """
    fallen = Consultation.objects.occupying().filter(plan__outcome__attempt__corrected_by__outcome__passed=False)
    done = 0
    for consultation in fallen.select_related("plan__outcome__attempt__corrected_by__outcome__protocol__closed_by"):
        protocol = consultation.plan.outcome.attempt.corrected_by.outcome.protocol
        with translation.override("kk"):
            reason = _("The decision was corrected by protocol No %(no)s.") % {"no": protocol.no}
        if protocol.closed_by:
            consultations.call_off(consultation=consultation, by=protocol.closed_by, reason=reason)
            done += 1
    return done
