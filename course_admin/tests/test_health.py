"""What a watcher learns: process, database, and the worker's last sign of life."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.tasks import beat

pytestmark = pytest.mark.django_db


def test_healthz_asks_nobody(client, count_queries):
    with count_queries() as seen:
        response = client.get("/healthz")
    assert (response.status_code, response.json(), seen.count) == (200, {"process": "ok"}, 0)


def test_readyz_without_a_worker_is_503_and_says_so(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (503, "silent")


def test_readyz_with_a_fresh_heartbeat_is_200(client):
    beat()
    assert client.get("/readyz").status_code == 200


def test_readyz_with_an_old_heartbeat_is_503(client):
    beat()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert client.get("/readyz").status_code == 503
