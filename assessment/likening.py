"""Which works of different people share much text. A hint for whoever reads both, never a verdict.

What everybody has anyway is set aside first: the words of the task, and runs of words that half of those who handed
in share. Works on the same task are all compared with each other, as what is common changes with each of them; for
works on other tasks the places of the signature name the few that are worth reading.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from assessment.models import Assignment, Likeness, PrintBand, Submission, TextPrint
from assessment.passages import Run, common, runs_in, share
from enrollment.models import Enrolment

MOST_CANDIDATES = 40  # works on other tasks that are read for one print
CROWDED = 400  # prints that share a place: it comes from a form that everybody fills in and leads to nobody
_WITH = ("version__submission__enrolment", "version__submission__assignment")


@dataclass
class Task:
    """An assignment with its prints and what its works have in common."""

    assignment: Assignment

    @cached_property
    def prints(self) -> list[TextPrint]:
        """Of all its works, the earliest first."""
        found = TextPrint.objects.filter(version__submission__assignment=self.assignment)
        return list(found.select_related(*_WITH).order_by("version__handed_in_at", "version_id"))

    @cached_property
    def runs(self) -> dict[int, frozenset[Run]]:
        """Print → its runs."""
        return {one.pk: runs_in(one.text) for one in self.prints}

    @cached_property
    def given(self) -> frozenset[Run]:
        """What comes from the task: its words in every language, and what half of the people have."""
        told = [getattr(self.assignment, f"instructions_{code}") or "" for code in ("kk", "ru", "en")]
        told += [getattr(self.assignment, f"title_{code}") or "" for code in ("kk", "ru", "en")]
        people: dict[int, set[Run]] = defaultdict(set)
        for one in self.prints:
            people[listener_of(one)] |= self.runs[one.pk]
        return frozenset().union(*map(runs_in, told), common(people))

    def own(self, one: TextPrint) -> frozenset[Run]:
        """The runs of a work that do not come from the task."""
        return self.runs[one.pk] - self.given


def listener_of(one: TextPrint) -> int:
    """Whose work it is."""
    return one.version.submission.enrolment.listener_id


@transaction.atomic
def compare(pk: int) -> None:
    """Compare a print with all others of its task and with candidates elsewhere; what was found before is settled anew.

    Doing it twice is doing it once; two at once wait for each other at the assignment.
    """
    one = TextPrint.objects.select_related(*_WITH).filter(pk=pk).first()
    if one is None:  # erased meanwhile
        return
    assignment = Assignment.objects.select_for_update().get(pk=one.version.submission.assignment_id)
    task = Task(assignment)
    runs = {other.pk: task.own(other) for other in task.prints}
    found: dict[tuple[int, int], int] = {}
    for at, earlier in enumerate(task.prints):
        for later in task.prints[at + 1 :]:
            if listener_of(earlier) != listener_of(later):
                found[earlier.pk, later.pk] = share(runs[earlier.pk], runs[later.pk])
    elsewhere: dict[int, Task] = {}
    for mine, other in [*((one, each) for each in candidates(one)), *_known_elsewhere(task)]:
        theirs = other.version.submission.assignment
        pair = sorted((mine, other), key=lambda each: (each.version.handed_in_at, each.version_id))
        known = elsewhere.setdefault(theirs.pk, Task(theirs))
        found[pair[0].pk, pair[1].pk] = _across(task, mine, known, other)
    settle(found)
    TextPrint.objects.filter(pk=pk).update(compared_at=timezone.now())


def _known_elsewhere(task: Task) -> list[tuple[TextPrint, TextPrint]]:
    """Works of the task with those on other tasks that they were found to be like."""
    own = {one.pk: one for one in task.prints}
    pairs = Likeness.objects.filter(Q(earlier__in=own) ^ Q(later__in=own)).values_list("earlier", "later")
    pairs_of = [(earlier, later) if earlier in own else (later, earlier) for earlier, later in pairs]
    others = TextPrint.objects.select_related(*_WITH).in_bulk([other for _mine, other in pairs_of])
    return [(own[mine], others[other]) for mine, other in pairs_of]


def _across(task: Task, one: TextPrint, theirs: Task, other: TextPrint) -> int:
    """The share of two works on different tasks. What the other's task gives is looked at only where it matters."""
    runs = runs_in(other.text)
    found = share(task.own(one), runs - task.given)
    if found < settings.LIKENESS_SHARE:
        return found
    given = task.given | theirs.given
    return share(task.runs[one.pk] - given, runs - given)


def settle(found: dict[tuple[int, int], int]) -> None:
    """Store which of these pairs (earlier, later → per cent) are alike, and forget those that are not any more."""
    alike = {pair: per_cent for pair, per_cent in found.items() if per_cent >= settings.LIKENESS_SHARE}
    prints = {pk for pair in found for pk in pair}
    stored = Likeness.objects.filter(earlier__in=prints, later__in=prints).values_list("pk", "earlier", "later")
    gone = [pk for pk, *pair in stored if tuple(pair) in found and tuple(pair) not in alike]
    Likeness.objects.filter(pk__in=gone).delete()
    Likeness.objects.bulk_create(  # in one order, so that two at once do not wait for each other in a ring
        [Likeness(earlier_id=pair[0], later_id=pair[1], share=per_cent) for pair, per_cent in sorted(alike.items())],
        update_conflicts=True,
        unique_fields=["earlier", "later"],
        update_fields=["share"],
    )


def candidates(one: TextPrint) -> list[TextPrint]:
    """Works of other people on other tasks that share a place of the signature, those with most places first."""
    keys = list(one.bands.values_list("key", flat=True))
    shared = PrintBand.objects.filter(key__in=keys)
    crowded = shared.values("key").annotate(prints=Count("pk")).filter(prints__gt=CROWDED).values_list("key", flat=True)
    keys = sorted(set(keys) - set(crowded))
    mine = one.version.submission
    hits = (
        PrintBand.objects.filter(key__in=keys)
        .exclude(print__version__submission__enrolment__listener=mine.enrolment.listener_id)
        .exclude(print__version__submission__assignment=mine.assignment_id)
        .values("print")
        .annotate(places=Count("pk"))
        .order_by("-places", "print")
        .values_list("print", flat=True)[:MOST_CANDIDATES]
    )
    found = TextPrint.objects.select_related(*_WITH).in_bulk(list(hits))
    return list(found.values())


@dataclass(frozen=True)
class Side:
    """One of two works as this reader may know it: `enrolment` only where the reader may see it."""

    print: TextPrint
    enrolment: Enrolment | None
    year: int

    @property
    def is_open(self) -> bool:
        """Whether the whole text and the author's name are shown."""
        return self.enrolment is not None


@dataclass(frozen=True)
class Hint:
    """A likeness beside the submission that is looked at: the other work, and whether that one is the earlier."""

    likeness: Likeness
    other: Side
    other_is_earlier: bool


def with_sides() -> QuerySet[Likeness]:
    """Likenesses with both works, their authors, tasks and cohorts, without the texts."""
    deep = "version__submission__enrolment__{}"
    return Likeness.objects.select_related(
        *(f"{side}__{deep.format(what)}" for side in ("earlier", "later") for what in ("listener", "cohort")),
        *(f"{side}__version__submission__assignment" for side in ("earlier", "later")),
    ).defer(*(f"{side}__{field}" for side in ("earlier", "later") for field in ("text", "signature")))


def side(one: TextPrint, visible: Iterable[int]) -> Side:
    """A work as somebody may know it who sees the enrolments `visible`."""
    enrolment = one.version.submission.enrolment
    year = timezone.localtime(one.version.handed_in_at).year
    return Side(one, enrolment if enrolment.pk in visible else None, year)


def visible_enrolments(likenesses: Sequence[Likeness], user: User) -> set[int]:
    """Those of the enrolments behind these likenesses that the user may see, in one query."""
    keys = {
        one.version.submission.enrolment_id for likeness in likenesses for one in (likeness.earlier, likeness.later)
    }
    return set(Enrolment.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def likenesses_of(submission: Submission, user: User) -> list[Hint]:
    """The works of others that this submission is like, one hint for each of them, the largest share first.

    Three queries at most, however many; nothing for a listener.
    """
    prints = TextPrint.objects.filter(version__submission=submission).values("pk")
    visible = with_sides().filter(pk__in=Likeness.objects.visible_to(user).values("pk"))
    found = [*visible.filter(earlier__in=prints), *visible.filter(later__in=prints)]
    enrolments = visible_enrolments(found, user) if found else set()
    hints: dict[int, Hint] = {}
    for one in sorted(found, key=lambda each: (-each.share, -each.pk)):
        is_earlier = one.later.version.submission_id == submission.pk
        other = one.earlier if is_earlier else one.later
        hints.setdefault(other.version.submission_id, Hint(one, side(other, enrolments), is_earlier))
    return list(hints.values())
