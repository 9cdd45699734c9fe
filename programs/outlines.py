"""An edition with everything that a page shows of it, gathered in a fixed number of queries."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.templatetags.charts import Bar
from programs import hours
from programs.hours import Hours
from programs.models import Band, Criterion, EditionItem, Module, ProgrammeEdition, Rubric, Source, StudyFormat, Term


@dataclass(frozen=True)
class Outline:
    """What is taught and how it is judged. Hours are academic hours; totals and shares are computed from the rows."""

    edition: ProgrammeEdition
    modules: list[Module]
    items: dict[str, list[EditionItem]]
    terms: list[Term]
    sources: dict[str, list[Source]]
    rubric: Rubric | None
    criteria: list[Criterion] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)

    @property
    def totals(self) -> Hours:
        return hours.totals(self.modules)

    @property
    def shares(self) -> Hours | None:
        """Whole per cent by kind; None for a plan without hours."""
        return hours.shares(self.totals)

    @property
    def unallotted(self) -> int:
        """Hours of the declared volume in no row; negative when the rows exceed it."""
        return hours.unallotted(self.edition.volume_hours, self.totals)

    @property
    def excess(self) -> int:
        """Hours that the rows have above the declared volume, at least 0."""
        return max(0, -self.unallotted)

    @property
    def split(self) -> Hours | None:
        """The exact 25 / 45 / 30 % split of the volume that an editor is offered."""
        return hours.split(self.edition.volume_hours)

    @property
    def split_adds(self) -> Hours | None:
        """What the offered split has more of each kind than the rows; negative for less."""
        return self.split - self.totals if self.split else None

    @property
    def formats(self) -> list[str]:
        """The study formats in words."""
        return [str(StudyFormat(value).label) for value in self.edition.formats if value in StudyFormat.values]

    @property
    def max_total(self) -> int:
        """The sum of the criteria's maxima; 100 in a published rubric."""
        return sum(criterion.max_points for criterion in self.criteria)

    @property
    def hour_kinds(self) -> list[str]:
        """The names of the three kinds of hours, in the order of `hours.KINDS`."""
        return [_("Lecture"), _("Practice"), _("Self-study")]

    @property
    def hour_bars(self) -> list[Bar]:
        """The picture of the plan: a bar for each row."""
        return [
            Bar(label=f"{m.no}. {m.title}" if not m.is_final else m.title, values=(m.lecture, m.practice, m.self_study))
            for m in self.modules
        ]


def outline_of(edition: ProgrammeEdition, rubric: Rubric | None = None) -> Outline:
    """The edition with its rows, judged by `rubric`, or else by its current rubric, or else by its latest draft."""
    rubric = rubric or edition.current_rubric() or edition.rubrics.last()
    items: dict[str, list[EditionItem]] = {kind: [] for kind in EditionItem.Kind.values}
    for item in edition.items.all():
        items[item.kind].append(item)
    sources: dict[str, list[Source]] = {section: [] for section in Source.Section.values}
    for source in edition.sources.all():
        sources[source.section].append(source)
    return Outline(
        edition=edition,
        modules=list(edition.modules.all()),
        items=items,
        terms=list(edition.terms.all()),
        sources=sources,
        rubric=rubric,
        criteria=list(rubric.criteria.prefetch_related("levels")) if rubric else [],
        bands=list(rubric.bands.all()) if rubric else [],
    )
