"""What the worker does for this floor; beat calls it at every sweep, or at its hour."""

from celery import shared_task

from assessment import carrying, printing, retaking, self_letters, work_files, work_letters


@shared_task(name="assessment.carry_over")
def carry_over() -> None:
    """Take points along into the cohort where a course goes on."""
    carrying.carry_over()


@shared_task(name="assessment.open_retakes")
def open_retakes() -> None:
    """Open the retakes that orders admit to, and end those whose order is gone."""
    retaking.void_retakes()
    retaking.open_retakes()


@shared_task(name="assessment.remind_of_work")
def remind_of_work() -> None:
    """Remind those who have handed in nothing on what is due soon."""
    work_letters.remind()


@shared_task(name="assessment.remind_of_checklists")
def remind_of_checklists() -> None:
    """Remind of the competence checklist at entry and at exit."""
    self_letters.remind()


@shared_task(name="assessment.sweep_stray_files")
def sweep_stray_files() -> None:
    """Erase files of work that no row names."""
    work_files.sweep_stray_files()


@shared_task(name="assessment.print_versions")
def print_versions() -> None:
    """Print the texts that were handed in, and find those that are alike."""
    printing.print_versions()
