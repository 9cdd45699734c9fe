"""Who gets what: everybody one of the things they can use, nothing given twice. Pure (Kuhn's augmenting paths)."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

W = TypeVar("W", bound=Hashable)
T = TypeVar("T", bound=Hashable)


class Matching(Generic[W, T]):
    """Takers and the one thing that each of them has."""

    def __init__(self) -> None:
        self._wishes: dict[W, Sequence[T]] = {}
        self._owner: dict[T, W] = {}

    def add(self, taker: W, wishes: Sequence[T]) -> bool:
        """Give `taker` one of `wishes`, the first if possible; others may get another of theirs instead.

        False, and nothing changes, when that would leave somebody without.
        """
        self._wishes[taker] = wishes
        if self._find(taker, set()):
            return True
        del self._wishes[taker]
        return False

    def _find(self, taker: W, seen: set[T]) -> bool:
        for thing in self._wishes[taker]:
            if thing not in self._owner:
                self._owner[thing] = taker
                return True
        for thing in self._wishes[taker]:
            if thing not in seen:
                seen.add(thing)
                if self._find(self._owner[thing], seen):
                    self._owner[thing] = taker
                    return True
        return False

    def remove(self, taker: W) -> None:
        """Take away what `taker` has, if anything."""
        self._wishes.pop(taker, None)
        if (thing := self._thing(taker)) is not None:
            del self._owner[thing]

    def of(self, taker: W) -> T | None:
        """What `taker` has; None for nothing."""
        return self._thing(taker)

    def _thing(self, taker: W) -> T | None:
        return next((thing for thing, owner in self._owner.items() if owner == taker), None)
