"""Erasing who somebody was, for good; what was issued stays verifiable (docs/decisions/0013)."""

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.persons import Held, Person, erase_rows
from course_admin.people.floors import floors, whole_person
from course_admin.people.retention import objection
from enrollment.models import Enrolment, Listener


@transaction.atomic
def pseudonymise(*, listener: Listener, typed: str, by: User) -> Listener:
    """Erase the person's data in every table and file; the entry is called «Тыңдаушы 123» from then on.

    Names, IIN, contacts, place of work, account, applications, requests with their papers, letters and histories lose
    the person, merged entries with them. Issued documents and signed orders stay word for word; verification answers
    as before. There is no way back, so `typed` must be the entry's number. Doing it twice is doing it once. Raises
    `Refused` before the time is over, while the person takes part or works here, and for another number.
    """
    list(Enrolment.objects.select_for_update().filter(listener=listener.pk).order_by("pk").values_list("pk"))
    held = Listener.objects.select_for_update(of=("self",)).get(pk=listener.pk)
    if held.pseudonymised_at:
        return held
    if typed.strip() != str(held.pk):
        raise Refused(_("Type the number of the person, %(number)s, to confirm.") % {"number": held.pk})
    if sentence := objection(held, timezone.localdate()):
        raise Refused(sentence)
    person = whole_person(held)
    tables = [one for floor in floors() for one in floor.HELD if one.erase]
    files = _files(tables, person)
    for floor in floors():  # the entry first: what was kept word for word may change once it is erased
        if hasattr(floor, "erase"):
            floor.erase(person)
    for one in tables:
        erase_rows(one, person)
    _note_who(held, by)
    for storage, name in files:  # last, because no rollback brings a file back; repeated, if the commit should fail
        storage.delete(name)
    return Listener.objects.get(pk=held.pk)


def _files(tables: list[Held], person: Person) -> list[tuple[Storage, str]]:
    """The files of the rows that lose theirs."""
    found = []
    for held in tables:
        if held.file in held.erase:
            for row in held.rows(person).exclude(**{held.file: ""}):
                file = getattr(row, held.file)
                found.append((file.storage, file.name))
    return found


def _note_who(listener: Listener, by: User) -> None:
    """The history's last row says who did it, also when no request tells it."""
    last = Listener.history.filter(id=listener.pk).order_by("-history_id").values("history_id")[:1]
    Listener.history.filter(history_id__in=list(last.values_list("history_id", flat=True))).update(history_user=by)
