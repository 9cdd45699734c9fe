"""What the worker does for this floor; beat calls both at every sweep."""

from celery import shared_task

from postcourse import falling_away, planning, reminding


@shared_task(name="postcourse.plan_support")
def plan_support() -> None:
    """Plan for every passed outcome without a support plan."""
    planning.plan_support()
    falling_away.call_off_corrected()


@shared_task(name="postcourse.remind")
def remind() -> None:
    """Write the reminders that are due."""
    reminding.remind()
