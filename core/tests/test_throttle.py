"""A limit per address and clock minute, and one per day."""

import pytest
import time_machine
from django.test import override_settings

from core.errors import TooMany
from core.throttle import Misses, client_address, limit, limit_of_day
from tests.servers import free_port


@time_machine.travel("2026-09-07T10:00:05+05:00", tick=False)
def test_limit_refuses_beyond_the_number_and_opens_again(rf):
    request = rf.get("/")
    for _ in range(3):
        limit(request, what="x", per_minute=3)
    with pytest.raises(TooMany):
        limit(request, what="x", per_minute=3)
    limit(request, what="y", per_minute=3)
    with time_machine.travel("2026-09-07T10:01:05+05:00", tick=False):
        limit(request, what="x", per_minute=3)


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "9.9.9.9", "127.0.0.1"),
        (1, "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        (2, "8.8.8.8", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_client_address_believes_only_our_own_proxies(rf, settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=header)) == address


@time_machine.travel("2026-09-07T10:00:05+05:00", tick=False)
def test_limit_of_day_refuses_with_the_sentence_and_opens_the_next_day():
    for _ in range(2):
        limit_of_day("a@example.kz", what="x", most=2, sentence="Enough letters.")
    with pytest.raises(TooMany, match="Enough letters"):
        limit_of_day("a@example.kz", what="x", most=2, sentence="Enough letters.")
    limit_of_day("b@example.kz", what="x", most=2, sentence="Enough letters.")
    with time_machine.travel("2026-09-08T10:00:05+05:00", tick=False):
        limit_of_day("a@example.kz", what="x", most=2, sentence="Enough letters.")


def test_misses_are_counted_by_address_and_forgotten_with_the_minute():
    counted = Misses()
    with time_machine.travel("2026-09-07T10:00:05+05:00", tick=False) as clock:
        for _ in range(2):
            counted.add("10.0.0.1")
        assert [counted.of(who) for who in ("10.0.0.1", "10.0.0.2")] == [2, 0]
        clock.shift(60)
        assert counted.of("10.0.0.1") == 0
        counted.add("10.0.0.1")
        assert counted.of("10.0.0.1") == 1


def test_cache_that_is_down_keeps_nobody_out(rf):
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    down = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}}
    with override_settings(CACHES=down):
        for _ in range(3):
            limit(rf.get("/"), what="x", per_minute=1)
