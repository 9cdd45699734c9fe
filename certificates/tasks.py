"""What the worker does about documents; the sweeps find whatever a lost message left."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_init

from certificates import issuing, journal, papers, rendering, watching
from core.pdf import MissingFontError

log = logging.getLogger(__name__)


@worker_init.connect
def prepare_papers(**_: Any) -> None:
    """Before the worker's processes part: they share what is read now, and the first paper is as quick as the rest."""
    try:
        papers.prepare()
    except MissingFontError as error:
        log.error("papers cannot be made: %s", error)


@shared_task(name="certificates.issue_wished")
def issue_wished() -> None:
    """Number and freeze what administrators wished for."""
    issuing.issue_wished()


@shared_task(name="certificates.render_reserved")
def render_reserved() -> None:
    """Make the files of issued documents."""
    rendering.render_reserved()


@shared_task(name="certificates.write_journal")
def write_journal() -> None:
    """Copy what was issued, revoked and replaced to the journal outside the database."""
    journal.write_down()


@shared_task(name="certificates.count_checks")
def count_checks() -> None:
    """Count how often documents were checked, and warn when somebody tries out addresses."""
    watching.count_checks()
