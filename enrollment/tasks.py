"""What the worker does for this floor."""

from celery import shared_task

from enrollment import request_papers


@shared_task(name="enrollment.sweep_stray_files")
def sweep_stray_files() -> None:
    """Erase what a killed upload left in the store."""
    request_papers.sweep_stray_files()
