"""Identifiers at rest."""

import pytest
from cryptography.fernet import InvalidToken

from core import seals


def test_seal_is_reversible_and_never_the_same_twice():
    first, second = seals.seal("850115100019"), seals.seal("850115100019")
    assert (first == second, seals.unseal(first), seals.unseal(second)) == (False, "850115100019", "850115100019")


def test_unseal_with_another_key_is_refused(settings):
    sealed = seals.seal("850115100019")
    settings.SEAL_KEY = "another"
    with pytest.raises(InvalidToken):
        seals.unseal(sealed)


def test_digest_depends_on_the_key(settings):
    before = seals.digest("850115100019")
    assert (len(before), seals.digest("850115100019")) == (64, before)
    settings.DIGEST_KEY = "another"
    assert seals.digest("850115100019") != before
