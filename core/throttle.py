"""A limit on how often one address may ask, kept in the cache: no row, no address stored for long."""

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from core.errors import TooMany

# What a cache that does not answer raises: for callers to whom an answer matters more than the limit.
CACHE_AWAY = (OSError, RedisError)
MINUTE, DAY = 60, 24 * 3600  # seconds


def client_address(request: HttpRequest) -> str:
    """The asking address; X-Forwarded-For counts only as far as our own TRUSTED_PROXIES wrote it."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def _count(subject: str, seconds: int) -> int:
    """How often this has been counted in the present window of `seconds`, this time included."""
    window = int(time.time() // seconds)
    key = hashlib.sha256(f"{subject}|{window}".encode()).hexdigest()
    cache.add(key, 0, timeout=seconds + 30)
    try:
        return cache.incr(key)
    except ValueError:  # the entry expired between the two calls
        return 1


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
