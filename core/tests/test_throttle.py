"""A limit per address and clock minute, and one per day."""

import pytest
import time_machine

from core.errors import TooMany
from core.throttle import client_address, limit, limit_of_day


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
