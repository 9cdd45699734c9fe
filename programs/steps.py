"""The steps that staff can take with an edition, in words: the buttons of its page in the admin panel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from programs import publishing
from programs.models import EditionState, ProgrammeEdition


@dataclass(frozen=True)
class Page:
    """What a page that asks before it acts says: the word on its button and what the act means."""

    title: Any
    meaning: Any


@dataclass(frozen=True)
class Step(Page):
    """A move of an edition with its verb; `is_return` for one that leads away from use."""

    name: str
    to: EditionState
    verb: Callable[..., Any]
    is_return: bool = False


COPY = Page(_("New edition"), _("Everything of this edition is copied into a draft, which can then be edited."))
PUBLISH_RUBRIC = Page(
    _("Publish the rubric"),
    _("The version never changes again. Cohorts opened from now on are judged by it; those already there keep theirs."),
)
STEPS = [
    Step(
        _("Put out for public discussion"),
        _("The texts stop changing while they are discussed. The edition can be taken back to a draft."),
        "discuss",
        EditionState.DISCUSSION,
        publishing.discuss,
    ),
    Step(
        _("Record that it is agreed"),
        _("The discussion is over and the edition may be approved."),
        "agree",
        EditionState.AGREED,
        publishing.agree,
    ),
    Step(
        _("Approve"),
        _("From here on texts, plan and rubric never change. The public sees the edition, and cohorts may run on it."),
        "approve",
        EditionState.APPROVED,
        publishing.approve,
    ),
    Step(
        _("Take into use"),
        _("The first cohort runs on this edition."),
        "put_in_use",
        EditionState.IN_USE,
        publishing.put_in_use,
    ),
    Step(
        _("Archive"),
        _("No new cohort runs on this edition and the public no longer sees it. What rests on it stays valid."),
        "archive",
        EditionState.ARCHIVED,
        publishing.archive,
        is_return=True,
    ),
    Step(
        _("Take back to a draft"),
        _("The texts can be edited again, and the discussion starts anew."),
        "back_to_draft",
        EditionState.DRAFT,
        publishing.back_to_draft,
        is_return=True,
    ),
]
BY_NAME = {step.name: step for step in STEPS}


def open_steps(edition: ProgrammeEdition) -> list[Step]:
    """The steps that the edition's state allows now."""
    return [step for step in STEPS if edition.can_move(step.to)]
