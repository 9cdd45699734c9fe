"""Who guesses at addresses of papers: no hit, one answer for everything, and soon none at all."""

import os
import random
import secrets
import string

import pytest
import time_machine
from django.test import Client

from certificates.tests.conftest import ABSENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]

GUESSES = 10_000 * int(os.environ.get("SOAK", "1"))
LETTERS = string.ascii_letters + string.digits + "-_"
TOKEN = 32


def near(token, draw):
    """A guess by somebody who has seen a genuine address."""
    place = draw.randrange(len(token))
    return draw.choice(
        [
            token[:place] + draw.choice(LETTERS.replace(token[place], "")) + token[place + 1 :],
            token[:place] + token[place + 1 :],
            token[:place] + draw.choice(LETTERS) + token[place:],
            token.swapcase(),
            token[::-1],
            token[:22],
            token + "=",
            token + "%00",
        ]
    )


def malformed(draw):
    """What is no token: too short, too long, of other characters."""
    return draw.choice(["x", "q" * 65, "ж" * TOKEN, "' OR 1=1 --", "..", "*" * TOKEN, "q" * 31 + "!"])


def guesses(tokens, seed):
    draw = random.Random(seed)
    for number in range(GUESSES):
        if number % 3 == 0:
            guess = near(draw.choice(tokens), draw)
        elif number % 10 == 1:
            guess = malformed(draw)
        else:
            guess = "".join(draw.choices(LETTERS, k=TOKEN))
        if guess not in tokens:
            yield guess


@pytest.mark.soak
def test_guesses_find_nothing_and_are_answered_alike(documents, settings):
    """100,000 guesses with SOAK=10, a tenth without: as if there were no limit."""
    settings.VERIFICATION_MISSES_PER_MINUTE = GUESSES + 1
    seed = secrets.randbits(32)
    tokens, client, answers = [document.token for document in documents.values()], Client(), {}
    for guess in guesses(tokens, seed):
        response = client.get(f"/v/{guess}/")
        answer = (response.status_code, response.content, tuple(sorted(response.headers.items())))
        answers.setdefault(answer, guess)
    assert len(answers) == 1, f"seed {seed}: {list(answers.values())}"
    assert next(iter(answers))[0] == 404
    assert client.get(f"/v/{tokens[0]}/").status_code == 200


@pytest.mark.parametrize("guess", [ABSENT, "x"])
def test_guesses_are_refused_beyond_the_limit_until_the_minute_is_over(documents, settings, guess):
    settings.VERIFICATION_MISSES_PER_MINUTE = 3
    genuine = documents["valid"].token

    def ask(token, **headers):
        return Client().get(f"/v/{token}/?lang=en", **headers)

    assert [ask(guess).status_code for _ in range(4)] == [404, 404, 404, 429]
    refused = ask(genuine)  # or the answer would tell a hit
    assert (refused.status_code, "Too many requests" in refused.content.decode()) == (429, True)
    assert (refused.content, dict(refused.cookies)) == (ask(guess).content, {})
    assert ask(genuine, REMOTE_ADDR="10.1.2.3").status_code == 200
    assert ask(genuine, HTTP_X_FORWARDED_FOR="10.9.9.9").status_code == 429
    with time_machine.travel("2026-10-05T10:01:00+05:00", tick=False):
        assert ask(genuine).status_code == 200


def test_limit_holds_for_the_page_and_the_answer_for_machines_together(documents, settings):
    settings.VERIFICATION_MISSES_PER_MINUTE = 2
    codes = [Client().get(path).status_code for path in (f"/v/{ABSENT}/", f"/api/v1/verify/{ABSENT}")]
    refused = Client().get(f"/api/v1/verify/{ABSENT}")
    assert (codes, refused.status_code) == ([404, 404], 429)
    assert list(refused.json()) == ["type", "title", "status", "detail"]


def test_school_that_checks_genuine_papers_is_never_refused(documents, settings):
    settings.VERIFICATION_MISSES_PER_MINUTE = 3
    codes = [Client().get(f"/v/{documents['valid'].token}/").status_code for _ in range(20)]
    assert set(codes) == {200}
