"""Why a plan does not fit, in words that say what could be done."""

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _

from enrollment.models import Cohort, SessionKind
from enrollment.timetabling.means import Reason, Shortfall
from enrollment.timetabling.proposing import Draft
from programs.models import Module


def sentences(draft: Draft) -> list[tuple[Cohort, list[str]]]:
    """For each cohort that does not fit, what is short and what would help."""
    cohorts = {cohort.pk: cohort for cohort in draft.wish.cohorts}
    shortfalls = draft.proposal.shortfalls
    modules = {m.pk: m for m in Module.objects.filter(pk__in=[s.need.module for s in shortfalls if s.need])}
    return [(cohorts[s.cohort], _words(s, cohorts[s.cohort], draft, modules)) for s in shortfalls]


def _words(found: Shortfall, cohort: Cohort, draft: Draft, modules: dict[int, Module]) -> list[str]:
    first = max(cohort.starts_on, draft.wish.from_day or cohort.starts_on)
    values = {
        "wanted": found.wanted,
        "offered": found.offered,
        "short": found.wanted - found.offered,
        "left": found.left,
        "first": formats.date_format(first, "SHORT_DATE_FORMAT"),
        "last": formats.date_format(cohort.ends_on, "SHORT_DATE_FORMAT"),
        "what": _what(found, modules),
        "people": found.people,
        "trainers": found.without_trainer,
        "rooms": found.without_room,
    }
    return [sentence % values for sentence in _sentences(found)]


def _sentences(found: Shortfall) -> Sequence[str]:
    if found.reason == Reason.DAY_TOO_LONG:
        return [_("The teaching day would last beyond midnight.")]
    if found.reason == Reason.TOO_FEW_HOURS:
        return [
            _("Teaching hours from %(first)s to %(last)s: %(offered)s. To be held: %(wanted)s. Too few by: %(short)s."),
            _("More teaching days, more hours a day or a later last day would help."),
        ]
    if found.reason == Reason.NO_TRAINER:
        return [_("No chosen trainer of this cohort takes this: %(what)s.")]
    if found.reason == Reason.NO_ROOM:
        return [_("No chosen room is large enough. People: %(people)s. Needed for: %(what)s.")]
    said = [_("Hours without a place until %(last)s: %(left)s. The first of them: %(what)s.")]
    if found.without_room:
        said.append(_("Teaching hours in which no room was free: %(rooms)s."))
    if found.without_trainer:
        said.append(_("Teaching hours in which no trainer was free: %(trainers)s."))
    return [*said, _("Another room or trainer, more teaching days or more hours a day would help.")]


def _what(found: Shortfall, modules: dict[int, Module]) -> str:
    if found.need is None:
        return ""
    kind = dict(SessionKind.choices)[found.need.kind]
    return f"№ {modules[found.need.module].no}, {kind}"
