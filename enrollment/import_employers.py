"""Which employer each row of a list means: by BIN, else by name; new ones are made once, whatever the rows' order."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.kazakh import search_key, sort_key
from enrollment.import_reading import Person
from enrollment.models import Employer

BATCH = 5000


class EmployerBook:
    """The employers that a list may mean: those of the register and those it brings."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Look up all that the list names, in one query for every 5,000 of them; invents those with a new BIN."""
        people = list(people)
        self.by_bin: dict[str, Employer] = {}
        self.by_name: dict[str, list[Employer]] = defaultdict(list)
        bins = sorted({person.bin for person in people if person.bin})
        names = sorted({person.employer for person in people if person.employer and not person.bin})
        self.keys = {name: sort_key(name)[:800] for name in names}
        self._load(bins, sorted(set(self.keys.values())))
        for person in people:
            if person.bin and person.bin not in self.by_bin and person.employer:
                self._add(_new(person.employer, person.bin))

    def _load(self, bins: list[str], keys: list[str]) -> None:
        for start in range(0, max(len(bins), len(keys)), BATCH):
            end = start + BATCH
            for employer in Employer.objects.filter(Q(bin__in=bins[start:end]) | Q(sort_key__in=keys[start:end])):
                self._add(employer)

    def _add(self, employer: Employer) -> None:
        if employer.bin:
            if employer.bin in self.by_bin:
                return
            self.by_bin[employer.bin] = employer
        elif employer in self.by_name[employer.sort_key]:
            return
        self.by_name[employer.sort_key].append(employer)

    def employer_of(self, person: Person, notices: list[str]) -> Employer | None:
        """The employer of this row (unsaved when new), None when it names none.

        Raises `Refused` when the row does not say which it is. What deserves a look goes into `notices`.
        """
        if person.bin:
            return self._by_bin(person, notices)
        return self._by_name(person.employer) if person.employer else None

    def _by_bin(self, person: Person, notices: list[str]) -> Employer:
        employer = self.by_bin.get(person.bin)
        if employer is None:
            raise Refused(_("No employer with this BIN is in the register yet: give the name too."))
        named = person.employer not in ("", employer.name)
        if named and search_key(person.employer) != search_key(employer.name):
            notices.append(_("This BIN belongs to “%(name)s”; that name stays.") % {"name": employer.name})
        return employer

    def _by_name(self, name: str) -> Employer:
        namesakes = self.by_name[self.keys[name]]
        without_bin = [employer for employer in namesakes if not employer.bin]
        if without_bin:
            return without_bin[0]
        if len(namesakes) > 1:
            raise Refused(_("Several employers are called “%(name)s”: give the BIN.") % {"name": name})
        if not namesakes:
            self._add(_new(name, ""))
        return self.by_name[self.keys[name]][0]


def _new(name: str, bin_: str) -> Employer:
    employer = Employer(name=name, bin=bin_)
    employer.set_keys()
    return employer
