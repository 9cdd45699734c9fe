"""What the worker does about enrolment; the sweeps find whatever a lost message left."""

from celery import shared_task

from enrollment import agreement_letters, applying, name_letters, request_papers, waiting
from enrollment.timetabling import telling


@shared_task(name="enrollment.sweep_stray_files")
def sweep_stray_files() -> None:
    """Erase what a killed upload left in the store."""
    request_papers.sweep_stray_files()


@shared_task(name="enrollment.tell_agreements")
def tell_agreements() -> None:
    """Tell those admitted that their agreement waits."""
    agreement_letters.tell_waiting()


@shared_task(name="enrollment.tell_changes")
def tell_changes() -> None:
    """Write letters about the timetable's changes that are due."""
    telling.tell_changes()


@shared_task(name="enrollment.advance_waiting")
def advance_waiting() -> None:
    """Give free places to those who wait."""
    waiting.advance_waiting()


@shared_task(name="enrollment.erase_unconfirmed")
def erase_unconfirmed() -> None:
    """Erase applications that nobody has confirmed."""
    applying.erase_unconfirmed()


@shared_task(name="enrollment.ask_names")
def ask_names() -> None:
    """Ask those in assessment to look at their name."""
    name_letters.ask()
