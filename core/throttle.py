"""Limits on how often one address may ask: no row, no address stored for long."""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core.errors import TooMany

log = logging.getLogger(__name__)
# What a cache that does not answer raises.
CACHE_AWAY = (OSError, RedisError)
MINUTE, DAY = 60, 24 * 3600  # seconds
View = Callable[..., HttpResponse]


def client_address(request: HttpRequest) -> str:
    """The asking address; X-Forwarded-For counts only as far as our own TRUSTED_PROXIES wrote it."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def _count(subject: str, seconds: int) -> int:
    """How often this has been counted in the present window of `seconds`, this time included.

    A cache that is down, or on a full disk, counts nothing: people are let through rather than all kept out.
    """
    window = int(time.time() // seconds)
    key = hashlib.sha256(f"{subject}|{window}".encode()).hexdigest()
    try:
        cache.add(key, 0, timeout=seconds + 30)
        return cache.incr(key)
    except ValueError:  # the entry expired between the two calls
        return 1
    except CACHE_AWAY as error:
        log.warning("the cache counts nothing: %s", type(error).__name__)
        return 0


def limit(request: HttpRequest, *, what: str, per_minute: int) -> None:
    """Count one request of this kind from this address; raises `TooMany` beyond `per_minute` in a clock minute."""
    count_one(what=what, who=client_address(request), per_minute=per_minute)


def count_one(*, what: str, who: str, per_minute: int) -> None:
    """Count one attempt of this kind by `who` (an address, an account); raises `TooMany` as `limit` does."""
    if _count(f"{what}|{who}", MINUTE) > per_minute:
        raise TooMany()


def limit_of_day(subject: str, *, what: str, most: int, sentence: object) -> None:
    """Count one deed of this kind for `subject` (an address of mail, say); raises `TooMany` beyond `most` in a day."""
    if _count(f"{what}|{subject}", DAY) > most:
        raise TooMany(sentence)


class Misses:
    """How many answers "not found" each address got in this clock minute, counted in this process alone.

    For a page that must work without cache and queue and writes nothing: whoever asks for what exists is never
    counted, so that a school behind one address may check all its papers.
    """

    def __init__(self) -> None:
        self._lock, self._window, self._counts = Lock(), 0, Counter[str]()

    def of(self, who: str) -> int:
        """So many until now."""
        with self._lock:
            return self._counts[who] if self._window == int(time.time() // MINUTE) else 0

    def add(self, who: str) -> None:
        """One more; what was counted in an earlier minute is forgotten."""
        window = int(time.time() // MINUTE)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, Counter()
            self._counts[who] += 1

    def forget(self) -> None:
        """All of them."""
        with self._lock:
            self._counts.clear()


misses = Misses()


def limit_misses(setting: str) -> Callable[[View], View]:
    """Refuse an address (`TooMany`) that got as many answers "not found" in this minute as the setting allows."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            who = client_address(request)
            if misses.of(who) >= getattr(settings, setting):
                raise TooMany()
            response = view(request, *arguments, **named)
            if response.status_code == HTTPStatus.NOT_FOUND:
                misses.add(who)
            return response

        return limited

    return decorate
