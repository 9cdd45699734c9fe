"""What the worker does for this floor; beat calls it at every sweep."""

from celery import shared_task

from assessment import carrying


@shared_task(name="assessment.carry_over")
def carry_over() -> None:
    """Take points along into the cohort where a course goes on."""
    carrying.carry_over()
