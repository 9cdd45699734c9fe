"""What must always hold about listeners: their keys, entries that were merged, data that were erased."""

from collections.abc import Iterator
from copy import copy

from cryptography.fernet import InvalidToken

from core import seals
from enrollment.merging import relations
from enrollment.models import Application, Listener, ListenerMerge
from enrollment.personal import erased_digest, pseudonym


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _listeners()
    yield from _merged()
    yield from _erased()


def fits(person: Listener | Application) -> bool:
    """Whether the sealed IIN, its search value and its last digits belong together."""
    try:
        return seals.digest(person.iin) == person.iin_digest and person.iin[-4:] == person.iin_tail
    except InvalidToken:
        return False


def _listeners() -> Iterator[str]:
    for listener in Listener.objects.filter(pseudonymised_at=None).order_by("pk").iterator(chunk_size=1000):
        if not fits(listener):
            yield f"listener {listener.pk}: the sealed IIN and its search value do not belong together"
        if _keys_of(listener) != (listener.search_key, listener.name_key, listener.sort_key):
            yield f"listener {listener.pk}: stale search key"
    for pk in Listener.objects.filter(user__is_listener=False).values_list("pk", flat=True):
        yield f"listener {pk}: the account has no listener's role"


def _keys_of(listener: Listener) -> tuple[str, str, str]:
    """The keys as they should be, by the name and the earlier spellings of the row."""
    fresh = copy(listener)
    fresh.set_keys()
    return fresh.search_key, fresh.name_key, fresh.sort_key


def _merged() -> Iterator[str]:
    """An entry that was merged has nothing any more: all of it is with the one that stays, itself merged into none."""
    merged = Listener.objects.exclude(merged_into=None)
    for link in relations():
        for pk in link.rows(**{f"{link.field}__in": merged}).values_list("pk", flat=True):
            yield f"{link.model._meta.label} {pk}: belongs to an entry that was merged into another one"
    recorded = ListenerMerge.objects.standing().values("goes")
    for pk in merged.exclude(pk__in=recorded).values_list("pk", flat=True):
        yield f"listener {pk}: merged without a record of it"


def _erased() -> Iterator[str]:
    """Nothing is left of a person whose data are erased, neither in the entry nor in its history."""
    for listener in Listener.objects.exclude(pseudonymised_at=None).select_related("user"):
        bare = (
            listener.full_name == pseudonym(listener)
            and listener.iin_digest == erased_digest(listener)
            and not (listener.former_names or listener.employer_id)
            and (listener.user is None or not listener.user.is_active)
        )
        if not bare:
            yield f"listener {listener.pk}: personal data are left though they count as erased"
        before = listener.history.exclude(surname=listener.surname, email="", phone="", position="", iin_tail="")
        if before.exists():
            yield f"listener {listener.pk}: personal data are left in the history"
