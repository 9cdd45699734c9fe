"""Before a document is issued each listener looks at the name as it will be printed, and says that it is right.

Who finds a mistake asks for a correction (`correcting.file_correction`); a changed name is to be confirmed anew.
"""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import Conflict, Refused
from enrollment.models import CorrectionState, Enrolment, EnrolmentState, Listener, NameConfirmation, NameCorrection

BEFORE_A_DOCUMENT = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)


class Standing(models.TextChoices):
    CONFIRMED = "confirmed", gettext_lazy("the listener has confirmed the name")
    ASKED = "asked", gettext_lazy("the listener asks for another spelling")
    OPEN = "open", gettext_lazy("the listener has not confirmed the name yet")


@transaction.atomic
def confirm_name(*, listener: Listener, shown: str, by: User) -> NameConfirmation:
    """Note that the name which was shown is right; a second time gives the note that is there.

    Raises `Refused` for anybody but the listener and while a correction is asked for, `Conflict` when the name is no
    longer the one that was shown.
    """
    held = Listener.objects.select_for_update(of=("self",)).get(pk=listener.pk)
    if held.user_id != by.pk:
        raise Refused(_("A name is confirmed by its bearer."))
    if held.full_name != shown:
        raise Conflict(_("The name has been changed meanwhile. Please look at it once more."))
    if held.corrections.filter(state=CorrectionState.FILED).exists():
        raise Refused(_("You have asked for a correction. Please wait until it is decided."))
    known = NameConfirmation.objects.filter(listener=held, name=shown).first()
    return known or NameConfirmation.objects.create(listener=held, name=shown, by=by)


def standings(listeners: Iterable[Listener]) -> dict[int, Standing]:
    """Where each of these people's names stands, by the listener's key; two queries for any number."""
    people = list(listeners)
    keys = [person.pk for person in people]
    asked = set(
        NameCorrection.objects.filter(listener__in=keys, state=CorrectionState.FILED).values_list("listener", flat=True)
    )
    confirmed = set(NameConfirmation.objects.filter(listener__in=keys).values_list("listener", "name"))
    return {
        person.pk: Standing.ASKED
        if person.pk in asked
        else Standing.CONFIRMED
        if (person.pk, person.full_name) in confirmed
        else Standing.OPEN
        for person in people
    }


def name_to_check(enrolments: Iterable[Enrolment]) -> Listener | None:
    """The listener of these enrolments, if a document is to come and the name is not confirmed."""
    people = {one.listener_id: one.listener for one in enrolments if one.state in BEFORE_A_DOCUMENT}
    where = standings(people.values())
    return next((person for person in people.values() if where[person.pk] == Standing.OPEN), None)
