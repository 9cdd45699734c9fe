"""What a listener is consulted on after the course, from the points of the final assessment (R12). Pure."""

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from core.errors import Refused

GENERAL = None  # a consultation on introducing the project, bound to no criterion


class PointsMissing(Refused):
    """An outcome that does not say the points for a criterion of its rubric."""


def is_weak(points: int, max_points: int, share: int) -> bool:
    """Whether `points` are below `share` per cent of `max_points`; exactly `share` per cent is not weak."""
    return points * 100 < share * max_points


def needs(points: Mapping[str, int], maxima: Mapping[str, int], share: int) -> tuple[str | None, ...]:
    """Codes of the criteria to consult on, the weakest first (R12); `(GENERAL,)` when none is weak.

    `points` and `maxima` are by criterion code, `maxima` in the rubric's order, which also decides between equally
    weak ones; `share` is in per cent, 0..100. Nobody is left without a consultation. Raises `PointsMissing` when a
    criterion of the rubric has no points: what was not judged is neither weak nor strong.
    """
    if not maxima.keys() <= points.keys():
        raise PointsMissing(_("The outcome lacks the points for a criterion of its rubric."))
    weak = [code for code in maxima if is_weak(points[code], maxima[code], share)]
    return tuple(sorted(weak, key=lambda code: Fraction(points[code], maxima[code]))) or (GENERAL,)
