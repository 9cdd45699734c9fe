"""What the worker does for this floor; beat calls it at every sweep."""

from celery import shared_task

from assessment import carrying, printing, retaking


@shared_task(name="assessment.carry_over")
def carry_over() -> None:
    """Take points along into the cohort where a course goes on."""
    carrying.carry_over()


@shared_task(name="assessment.open_retakes")
def open_retakes() -> None:
    """Open the retakes that orders admit to, and end those whose order is gone."""
    retaking.void_retakes()
    retaking.open_retakes()


@shared_task(name="assessment.print_versions")
def print_versions() -> None:
    """Print the texts that were handed in, and find those that are alike."""
    printing.print_versions()
