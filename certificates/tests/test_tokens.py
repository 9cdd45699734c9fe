"""Tokens: made in one form, known in every form that was handed out."""

import pytest

from certificates.tokens import NOBODYS, make_token, to_look_up, version_of


def test_new_token_has_192_random_bits_in_the_first_form():
    tokens = {make_token() for _ in range(2000)}
    assert (len(tokens), {len(token) for token in tokens}) == (2000, {32})
    assert {version_of(token) for token in tokens} == {1}
    assert {to_look_up(token) for token in tokens} == tokens


@pytest.mark.parametrize(
    "text", ["", "x", "q" * 31, "q" * 33, "q" * 31 + "!", "ж" * 32, "q" * 32 + "\n", "q" * 31 + "\x00", NOBODYS]
)
def test_what_was_never_handed_out_has_no_version_and_is_looked_up_as_nobodys(text):
    assert (version_of(text), to_look_up(text)) == (None, NOBODYS)
