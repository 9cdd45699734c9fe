"""What must always hold on the ground floor: I5 (one audit row per state change) and I11 (a message once)."""

from collections.abc import Iterator
from itertools import groupby

from django.apps import apps
from django.db.models import Count

from core.models import AuditEntry, Message
from core.states import Stateful


def stateful_models() -> list[type[Stateful]]:
    """Every concrete model whose state `core.states` guards."""
    return [m for m in apps.get_models() if issubclass(m, Stateful)]


def _broken_chain(model: type[Stateful]) -> Iterator[str]:
    """Rows whose audit rows do not lead, step by step, from birth to the present state."""
    label = model._meta.label
    states: dict[int, str] = dict(model._base_manager.values_list("pk", "state"))  # type: ignore[misc]
    rows = AuditEntry.objects.filter(model=label).order_by("object_id", "id")
    for pk, entries in groupby(rows.values_list("object_id", "from_state", "to_state").iterator(), lambda e: e[0]):
        state = ""
        for _, from_state, to_state in entries:
            listed = to_state in model.MOVES.get(state, set()) if state else True
            if from_state != state or not listed:
                yield f"I5 {label} {pk}: audit row {from_state or '–'} → {to_state} does not follow {state or '–'}"
            state = to_state
        if pk in states and states.pop(pk) != state:
            yield f"I5 {label} {pk}: its state is not what its last audit row says ({state})"
    for pk in states:
        yield f"I5 {label} {pk}: no audit row at all"


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    for model in stateful_models():
        yield from _broken_chain(model)
    twice = Message.objects.values("thing", "kind").annotate(n=Count("id")).filter(n__gt=1)
    for row in twice:
        yield f"I11 message {row['kind']} about {row['thing']}: {row['n']} times"
