"""What the parts of the pictures are called, and the same numbers as a workbook."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.statistics.numbers import ENDS, together
from assessment.statistics.reading import Figures
from core.sheet_writing import write_book

ENDINGS: dict[str, Any] = {
    "passed": gettext_lazy("passed"),
    "passed_on_retake": gettext_lazy("passed on a retake"),
    "not_passed": gettext_lazy("not passed"),
    "undecided": gettext_lazy("no decision yet"),
    "no_show": gettext_lazy("did not appear"),
    "breach": gettext_lazy("breach of academic integrity"),
}


def shown(number: Fraction) -> Decimal:
    """Points with at most one decimal, as a table shows them."""
    return Decimal(round(number * 10)) / 10 if number.denominator != 1 else Decimal(int(number))


def legend(figures: Figures) -> list[tuple[str, Any, int]]:
    """The endings that occur: name of the pattern, words, how many people."""
    counts = together([counts for _cohort, counts in figures.cohorts])
    return [(end, ENDINGS[end], counts[end]) for end in ENDS if counts[end]]


def spread_table(figures: Figures) -> list[tuple[Any, ...]]:
    """Of each criterion: title, maximum, people, lowest, first quartile, median, third quartile, highest."""
    return [
        (
            criterion.title,
            one.maximum,
            len(one.points),
            one.points[0],
            shown(one.quartiles[0]),
            shown(one.median),
            shown(one.quartiles[1]),
            one.points[-1],
        )
        for criterion, one in figures.criteria
    ]


def workbook(figures: Figures) -> bytes:
    """The numbers of every picture, a sheet for each, in the reader's language; counts only, nobody's name."""
    people, cohort, module = _("People"), _("Cohort"), _("Module")
    columns = [_("Lowest"), _("First quartile"), _("Median"), _("Third quartile"), _("Highest")]
    works = [_("Works answered"), _("Works sent back"), _("Sent back, per cent")]
    return write_book(
        [
            (_("Totals"), [_("From"), _("To"), people], [(b.lower, b.upper, b.count) for b in figures.bins]),
            (_("Criteria"), [_("Criterion"), _("Maximum"), people, *columns], spread_table(figures)),
            (
                _("Outcomes"),
                [cohort, *(str(ENDINGS[end]) for end in ENDS)],
                [(c.code, *(counts[end] for end in ENDS)) for c, counts in figures.cohorts],
            ),
            (
                _("Modules"),
                ["№", module, _("Hours missed, per cent"), *works],
                [
                    (m.no, m.title, missed.percent, returned.whole, returned.count, returned.percent)
                    for m, missed, returned in figures.modules
                ],
            ),
        ]
    )
