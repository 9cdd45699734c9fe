"""Personal identifiers at rest: sealed (reversible with SEAL_KEY) and a keyed digest to search by.

The space of IINs is small, so an unkeyed hash would be broken in minutes; the digest is an HMAC.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key.encode()).digest()))


def seal(text: str) -> str:
    """Encrypt `text` with SEAL_KEY; each call gives another ciphertext."""
    return _box(settings.SEAL_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given. Raises `cryptography.fernet.InvalidToken` for another key or a damaged value."""
    return _box(settings.SEAL_KEY).decrypt(sealed.encode()).decode()


def digest(text: str) -> str:
    """Keyed search value of `text` (64 hex digits); equal texts give equal values."""
    return hmac.new(settings.DIGEST_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
