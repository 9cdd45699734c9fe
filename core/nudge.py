"""A queue message that says "look now": sent after the commit, never needed for correctness."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def nudge(task: str) -> None:
    """Ask the worker to run the task of this name once the transaction is committed.

    When the queue is down the row stays and the next sweep finds it, so a failure here is only logged.
    """

    def send() -> None:
        try:
            current_app.send_task(task, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("the queue did not take %s: %s", task, type(error).__name__)

    transaction.on_commit(send, robust=True)
