"""Where data of a person stand: each floor names its models in `personal.py`, the roof exports and erases by that.

A floor's `personal.py` has HELD (models with something about a person), NOT_HELD (every other model of the floor, with
the reason why it is nobody's) and, where a table does not say enough, `erase(person)`. A test walks all models: a new
one fails it until somebody has decided.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

ERASED = "–"  # stands where a text was that may not be empty


@dataclass(frozen=True)
class Person:
    """Whom an export or an erasure is about: every entry of the register, account, name and address of one person.

    `texts` are replaced wherever they occur within a text, `words` where they are the whole of it.
    """

    pseudonym: str
    entries: list[int]  # the one that is used, then those merged into it
    accounts: list[int]
    addresses: list[str]  # lower case
    names: list[str]  # full names, the present one first
    texts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    namesakes: list[str] = field(default_factory=list)  # addresses of others with this name, lower case
    iin_digests: list[str] = field(default_factory=list)
    trail: Q = field(default_factory=lambda: Q(pk__in=[]))  # which rows of the audit trail


Erased = Callable[[Any, Person], Any]  # what a value becomes


@dataclass(frozen=True)
class Held:
    """A model with rows about a person, how they are found, what an export shows and what an erasure leaves.

    `name` is the section of the export; without one the model is not exported, and `why_not` says why. A foreign key
    is shown by the lookup in `shown`, else by its number (of a row in another section), and one to an account as
    "self" or "institute". `erase` maps fields to what stands there afterwards: a value, or a function of the old one.
    """

    model: type[models.Model]
    whose: Callable[[Person], Q]
    name: str = ""
    title: object = ""  # the section's heading; the model's name when not given
    shown: Mapping[str, str] = field(default_factory=dict)
    also: Sequence[str] = ()  # lookups to what stands in other rows and belongs to this one
    left_out: Mapping[str, str] = field(default_factory=dict)  # field → why it is not shown
    file: str = ""  # the file field whose content goes along
    erase: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""
    private: Q | None = None  # rows that only the person's own export shows

    def rows(self, person: Person) -> "models.QuerySet[Any]":
        """The person's rows, the oldest first."""
        return self.model._base_manager.filter(self.whose(person)).order_by("pk").distinct()


def of_listener(path: str) -> Callable[[Person], Q]:
    """Rows that lead to the person's entry by this lookup."""
    return lambda person: Q(**{f"{path}__in": person.entries})


def of_account(path: str) -> Callable[[Person], Q]:
    """Rows that lead to the person's account by this lookup."""
    return lambda person: Q(**{f"{path}__in": person.accounts})


def in_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, also within JSON."""
    if isinstance(value, dict):
        return {key: in_texts(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [in_texts(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def scrub(value: Any, person: Person) -> Any:
    """The value without the person: names become the pseudonym, addresses and numbers go, in texts and in JSON."""
    return in_texts(value, lambda text: _without(text, person))


def _without(text: str, person: Person) -> str:
    if text in person.words:
        return ERASED
    for name in sorted(person.names, key=len, reverse=True):
        text = text.replace(name, person.pseudonym)
    for one in sorted(person.texts, key=len, reverse=True):
        text = text.replace(one, ERASED)
    return text


def blanked(value: str, person: Person) -> str:
    """A text that may not be empty where there was one."""
    return ERASED if value else value


def erase_rows(held: Held, person: Person) -> None:
    """Overwrite what `held.erase` names in the person's rows."""
    plain = {name: value for name, value in held.erase.items() if not callable(value)}
    made = {name: value for name, value in held.erase.items() if callable(value)}
    keys = list(held.rows(person).values_list("pk", flat=True))
    stored = held.model._base_manager
    if plain:
        stored.filter(pk__in=keys).update(**plain)
    for row in stored.filter(pk__in=keys) if made else ():
        values = {name: getattr(row, name) for name in made}
        fresh = {name: erased(values[name], person) for name, erased in made.items()}
        if fresh != values:
            stored.filter(pk=row.pk).update(**fresh)


def exported(floors: Iterable[Any]) -> Iterator[Held]:
    """The sections of the export, floor by floor."""
    for floor in floors:
        yield from (held for held in floor.HELD if held.name)
