"""A limit on how often one address may ask, kept in the cache: no row, no address stored for long."""

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.errors import TooMany


def client_address(request: HttpRequest) -> str:
    """The asking address; X-Forwarded-For counts only as far as our own TRUSTED_PROXIES wrote it."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def limit(request: HttpRequest, *, what: str, per_minute: int) -> None:
    """Count one request of this kind from this address; raises `TooMany` beyond `per_minute` in a clock minute."""
    count_one(what=what, who=client_address(request), per_minute=per_minute)


def count_one(*, what: str, who: str, per_minute: int) -> None:
    """Count one attempt of this kind by `who` (an address, an account); raises `TooMany` as `limit` does."""
    minute = int(time.time() // 60)
    key = hashlib.sha256(f"{what}|{who}|{minute}".encode()).hexdigest()
    cache.add(key, 0, timeout=90)
    try:
        count = cache.incr(key)
    except ValueError:  # the entry expired between the two calls
        count = 1
    if count > per_minute:
        raise TooMany()
