"""A queue message that says "look now": sent after the commit, never needed for correctness."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def nudge(task: Task) -> None:
    """Ask the worker to run `task` once this transaction is committed.

    When the queue is down the row stays and the next sweep finds it, so a failure here is only logged.
    """

    def send() -> None:
        try:
            task.apply_async(retry=False)
        except (OperationalError, OSError) as error:
            log.warning("the queue did not take %s: %s", task.name, type(error).__name__)

    transaction.on_commit(send, robust=True)
