"""The secret part of a document's permanent address: how it is made, and every form that was ever handed out (I9).

The form is told by its look alone, so the path `/v/<token>/` stays as it is whatever the next one looks like. A form is
never taken out of this list: papers bear it.
"""

import re
import secrets

BYTES = 24  # 192 random bits, of which design §3 asks for 128
# Version 1, since the first document: 24 random bytes in base64 for addresses, 32 characters without padding.
FORMS = {1: re.compile(r"[A-Za-z0-9_-]{32}\Z")}
# What is asked for in place of something that cannot be a token: looked up like any, and had by no document.
NOBODYS = "!" * 32


def make_token() -> str:
    """A new token of the present version."""
    return secrets.token_urlsafe(BYTES)


def version_of(token: str) -> int | None:
    """The version of a token by its form; None for what was never handed out."""
    for version, form in FORMS.items():
        if form.match(token):
            return version
    return None


def to_look_up(token: str) -> str:
    """What to ask the register for: malformed tokens cost the same query as absent ones, and reach no database."""
    return token if version_of(token) else NOBODYS
