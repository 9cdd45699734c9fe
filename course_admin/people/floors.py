"""The floors' tables of personal data, and a person as all of them need it."""

from dataclasses import replace
from importlib import import_module
from types import ModuleType

from django.db.models import Q

from core.persons import Person
from core.states import Stateful
from enrollment.models import Listener
from enrollment.personal import person_of

FLOORS = ("accounts", "enrollment", "assessment", "certificates", "postcourse", "core", "programs")


def floors() -> list[ModuleType]:
    """Each floor's `personal` module, in the order in which an export shows them."""
    return [import_module(f"{floor}.personal") for floor in FLOORS]


def whole_person(listener: Listener) -> Person:
    """The person with the audit trail of every row that is theirs."""
    person = person_of(listener)
    trail = Q(pk__in=[])
    for floor in floors():
        for held in floor.HELD:
            if issubclass(held.model, Stateful):
                rows = held.rows(person).order_by().values("pk")
                trail |= Q(model=held.model._meta.label, object_id__in=rows)
    return replace(person, trail=trail)
