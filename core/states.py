"""The one helper that changes states: locks the row, refuses an unlisted move, writes the audit row (I5)."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from core.errors import MoveRefused
from core.models import AuditEntry


class Stateful(models.Model):
    """A model with a `state` field that only `move` may change.

    A subclass defines `state` (a CharField with TextChoices) and `MOVES`: state → states it may go to.
    """

    MOVES: ClassVar[dict[str, set[str]]] = {}
    state: Any

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):  # type: ignore[no-untyped-def]
        """Remember the stored state, so that `save` can tell an assignment past `move`."""
        obj = super().from_db(db, field_names, values)
        if "state" in field_names:
            obj._stored_state = obj.state
        return obj

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a state assigned outside `move` is a programming error."""
        stored = getattr(self, "_stored_state", self.state)
        if not self._state.adding and self.state != stored:
            raise AssertionError(f"{self._meta.label}: state changes only through core.states.move")
        super().save(*args, **kwargs)
        self._stored_state = self.state

    def can_move(self, to: str) -> bool:
        """Whether the allowed-moves table lists the way from the present state to `to`."""
        return to in self.MOVES.get(self.state, set())

    def audit_trail(self) -> models.QuerySet[AuditEntry]:
        """This row's state changes, the latest first."""
        return AuditEntry.objects.filter(model=self._meta.label, object_id=self.pk).select_related("by")


T = TypeVar("T", bound=Stateful)


def born(objs: Iterable[Stateful], *, by: Any, reason: str = "", basis: str = "") -> None:
    """Write the first audit row of rows that were just created, in one statement."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(model=o._meta.label, object_id=o.pk, to_state=o.state, by=by, reason=reason, basis=basis)
            for o in objs
        ],
        batch_size=500,
    )


def move(obj: T, to: str, *, by: Any, reason: str = "", basis: str = "", **fields: Any) -> T:
    """Move one row to the state `to` and set `fields` with it; returns the same object, up to date.

    Locks the row and judges by what is stored, not by what `obj` remembers. Raises `MoveRefused` and changes
    nothing when the move is not listed; otherwise exactly one audit row is written. `by` is None for the system.
    """
    with transaction.atomic():
        held = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        if not held.can_move(to):
            raise MoveRefused()
        AuditEntry.objects.create(
            model=obj._meta.label,
            object_id=obj.pk,
            from_state=held.state,
            to_state=to,
            by=by,
            reason=reason,
            basis=basis,
        )
        held.state = held._stored_state = to
        for name, value in fields.items():
            setattr(held, name, value)
        held.save(update_fields=["state", *fields])
    for name in ("state", *fields):
        setattr(obj, name, getattr(held, name))
    obj._stored_state = to
    return obj
