"""Two works beside each other with the passages they share, as one reader may see them."""

from dataclasses import dataclass

from accounts.models import User
from assessment.likening import Side, Task, side, visible_enrolments
from assessment.models import Likeness, TextPrint
from assessment.passages import Piece, only_shared, passages, pieces, words_of


@dataclass(frozen=True)
class Column:
    """A work as it is shown: the whole of it, or its shared passages alone."""

    side: Side
    pieces: list[Piece]
    letter: str  # of the column, in the addresses of passages within the page


@dataclass(frozen=True)
class Comparison:
    """Both works, the earlier one first, and how many passages they share."""

    earlier: Column
    later: Column
    passages: int


def lay_out(likeness: Likeness, user: User) -> Comparison:
    """The page of a likeness. Whose enrolment the user may not see loses the name and whatever is not shared."""
    prints = TextPrint.objects.in_bulk([likeness.earlier_id, likeness.later_id])
    texts = prints[likeness.earlier_id].text, prints[likeness.later_id].text
    given = frozenset().union(
        *(Task(one.version.submission.assignment).given for one in _with_different_tasks(likeness))
    )
    words = words_of(texts[0]), words_of(texts[1])
    found = passages(words[0], words[1], given)
    whole = (
        pieces(texts[0], words[0], [(one.no, one.first, one.last) for one in found]),
        pieces(texts[1], words[1], [(one.no, one.other_first, one.other_last) for one in found]),
    )
    visible = visible_enrolments([likeness], user)
    return Comparison(
        _column(side(likeness.earlier, visible), whole[0], "a"),
        _column(side(likeness.later, visible), whole[1], "b"),
        len({one.no for one in found}),
    )


def _with_different_tasks(likeness: Likeness) -> list[TextPrint]:
    both = {one.version.submission.assignment_id: one for one in (likeness.earlier, likeness.later)}
    return list(both.values())


def _column(whose: Side, whole: list[Piece], letter: str) -> Column:
    return Column(whose, whole if whose.is_open else only_shared(whole), letter)
