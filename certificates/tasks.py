"""What the worker does about documents; the sweeps find whatever a lost message left."""

from celery import shared_task

from certificates import issuing, rendering


@shared_task(name="certificates.issue_wished")
def issue_wished() -> None:
    """Number and freeze what administrators wished for."""
    issuing.issue_wished()


@shared_task(name="certificates.render_reserved")
def render_reserved() -> None:
    """Make the files of issued documents."""
    rendering.render_reserved()
