"""Which entries of the register may be one person: by name, and by what else they share."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import seals
from core.errors import Refused
from core.identifiers import birth_date
from core.kazakh import search_key
from enrollment.models import DifferentPeople, Listener


class Hint(models.TextChoices):
    """What two entries share."""

    NAME = "name", _("same name")
    GIVEN_NAME = "given_name", _("same given name and patronymic")
    EMPLOYER = "employer", _("same employer")
    EMAIL = "email", _("same e-mail")
    PHONE = "phone", _("same phone")
    BIRTH = "birth", _("same date of birth in the IIN")


# A name alone is no hint: many people share one. A school's address or telephone alone is none either.
ENOUGH = (
    {Hint.NAME, Hint.EMPLOYER},
    {Hint.NAME, Hint.EMAIL},
    {Hint.NAME, Hint.PHONE},
    {Hint.NAME, Hint.BIRTH},
    {Hint.GIVEN_NAME, Hint.EMAIL},
    {Hint.GIVEN_NAME, Hint.PHONE},
    {Hint.GIVEN_NAME, Hint.EMPLOYER, Hint.BIRTH},  # another surname, as after a marriage
)
PHONE_DIGITS = 10  # of a number without +7 or 8
LARGEST_GROUP = 60  # people who share one thing; a larger group says nothing about a person


@dataclass(frozen=True)
class Pair:
    """Two entries by number, the older one first, and what they share."""

    one: int
    other: int
    hints: tuple[Hint, ...]


@dataclass
class _Shared:
    """Pairs with the hints found so far."""

    hints: dict[tuple[int, int], set[Hint]] = field(default_factory=lambda: defaultdict(set))

    def add(self, hint: Hint, keyed: Iterable[tuple[Hashable, int]]) -> None:
        """Everybody with the same key shares this hint; an empty key is none."""
        groups: dict[Hashable, set[int]] = defaultdict(set)
        for key, pk in keyed:
            if key:
                groups[key].add(pk)
        for group in groups.values():
            if len(group) <= LARGEST_GROUP:
                for pair in combinations(sorted(group), 2):
                    self.hints[pair].add(hint)


def phone_key(phone: str) -> str:
    """The last ten digits of the first number in the text; empty for a shorter one."""
    digits = re.sub(r"\D", "", re.split(r"[,;/]", phone)[0])
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def probable_pairs() -> list[Pair]:
    """Pairs that may be one person, those that share most first; without those that somebody has told apart.

    Four queries: the register, earlier spellings, sealed IINs of those who share a given name, the pairs told apart.
    """
    columns = ("pk", "name_key", "given_name", "patronymic", "employer", "email", "phone")
    rows = list(Listener.objects.usable().order_by("pk").values_list(*columns))
    former = dict(Listener.objects.usable().exclude(former_names=[]).values_list("pk", "former_names"))
    given = {pk: search_key(f"{name} {patronymic}") for pk, _key, name, patronymic, *_rest in rows}
    shared = _Shared()
    shared.add(Hint.EMAIL, ((email.lower(), pk) for pk, *_rest, email, _phone in rows))
    shared.add(Hint.PHONE, ((phone_key(phone), pk) for pk, *_rest, phone in rows))
    contacts = set(shared.hints)
    shared.add(Hint.NAME, [*((key, pk) for pk, key, *_rest in rows), *_spellings(former)])
    # Given names are shared by very many: they are compared among colleagues, and where a contact is shared.
    shared.add(Hint.GIVEN_NAME, ((employer and (employer, given[pk]), pk) for pk, _k, _n, _p, employer, *_r in rows))
    for one, other in contacts:
        if given[one] == given[other]:
            shared.hints[one, other].add(Hint.GIVEN_NAME)
    employers = {pk: employer for pk, _k, _n, _p, employer, *_rest in rows}
    alike = {pair: hints for pair, hints in shared.hints.items() if hints & {Hint.NAME, Hint.GIVEN_NAME}}
    births = _births({pk for pair in alike for pk in pair})
    for (one, other), hints in alike.items():
        if employers[one] and employers[one] == employers[other]:
            hints.add(Hint.EMPLOYER)
        if births[one] and births[one] == births[other]:
            hints.add(Hint.BIRTH)
    apart = set(DifferentPeople.objects.values_list("one", "other"))
    found = [
        Pair(*pair, tuple(hint for hint in Hint if hint in hints))
        for pair, hints in alike.items()
        if pair not in apart and any(enough <= hints for enough in ENOUGH)
    ]
    return sorted(found, key=lambda pair: (-len(pair.hints), pair.one, pair.other))


def _spellings(former: dict[int, list[str]]) -> Iterator[tuple[str, int]]:
    """Each earlier spelling as a name counts, with whose it was."""
    for pk, names in former.items():
        yield from ((search_key(name), pk) for name in names)


def _births(keys: set[int]) -> dict[int, object]:
    """The date in each IIN; None where it is none. Read in pieces: a database takes only so many keys at once."""
    ordered = sorted(keys)
    found: dict[int, object] = {}
    for start in range(0, len(ordered), 5000):
        sealed = Listener.objects.filter(pk__in=ordered[start : start + 5000]).values_list("pk", "iin_sealed")
        found |= {pk: birth_date(seals.unseal(iin)) for pk, iin in sealed}
    return found


def hints_of(one: Listener, other: Listener) -> list[Hint]:
    """What these two share, whether or not that makes them a probable pair; no query."""
    names = [{one.name_key, *map(search_key, one.former_names)}, {other.name_key, *map(search_key, other.former_names)}]
    shared = {
        Hint.NAME: bool(names[0] & names[1]),
        Hint.GIVEN_NAME: search_key(f"{one.given_name} {one.patronymic}")
        == search_key(f"{other.given_name} {other.patronymic}"),
        Hint.EMPLOYER: bool(one.employer_id) and one.employer_id == other.employer_id,
        Hint.EMAIL: bool(one.email) and one.email.lower() == other.email.lower(),
        Hint.PHONE: bool(phone_key(one.phone)) and phone_key(one.phone) == phone_key(other.phone),
        Hint.BIRTH: bool(born := birth_date(one.iin)) and born == birth_date(other.iin),
    }
    return [hint for hint, is_shared in shared.items() if is_shared]


@transaction.atomic
def tell_apart(*, one: Listener, other: Listener, by: User) -> DifferentPeople:
    """Remember that these are two people, so that they are not proposed again; once for each pair.

    Raises `Refused` for one entry and itself.
    """
    if one.pk == other.pk:
        raise Refused(_("Choose two different entries."))
    first, second = sorted([one.pk, other.pk])
    row, _new = DifferentPeople.objects.get_or_create(one_id=first, other_id=second, defaults={"by": by})
    return row
