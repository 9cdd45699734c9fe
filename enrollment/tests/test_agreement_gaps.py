"""Gaps of an agreement's text: which are right, what is said about wrong ones, how they are filled and laid out."""

from pathlib import Path

import pytest
from django.core.management import call_command

from enrollment import agreement_gaps as gaps

TEXTS = Path(gaps.__file__).parent / "agreement_texts"
VALUES = {gap: f"<{gap}>" for gap in gaps.GAPS}


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_shipped_text_is_complete(language):
    text = (TEXTS / f"version_1.{language}.txt").read_text(encoding="utf-8")
    gaps.check(text)
    assert gaps.missing(text) == []
    blocks = gaps.laid_out(gaps.fill(text, VALUES))
    assert [block.kind for block in blocks].count("heading") == 8
    assert blocks[0].kind == "title"
    labelled = [line.text for block in blocks for line in block.lines if line.label]
    assert labelled == [f"<{g}>" for g in (
        "institute", "city", "name", "position", "employer", "topic", "hours", "cohort", "from", "to", "format",
    )]  # fmt: skip


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_shipped_gaps_end_their_line(language):
    """Nothing follows a gap, so that no case ending is ever needed."""
    text = (TEXTS / f"version_1.{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "{" in line:
            assert line.count("{") == 1
            assert line.endswith("}")
            assert line.split("{")[0].endswith(": ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{surname}", "no such gap: {surname}"),
        ("{name} {Name} {}", "no such gap: {Name}, {}"),
        ("{name", "brace"),
        ("name}", "brace"),
        ("{{name}}", "brace"),
        ("{name!r}", "no such gap"),
        ("中 {name}", "U\\+4E2D"),
        ("ә" * 40_001, "longer than"),
    ],
)
def test_check_refuses(text, sentence):
    with pytest.raises(gaps.TextRefused, match=sentence):
        gaps.check(text)


def test_missing_names_what_an_agreement_should_say():
    assert gaps.missing("{name} {topic} {hours} {cohort}") == ["{from}", "{to}", "{institute}"]


def test_fill_never_reads_a_value_as_a_gap():
    assert gaps.fill("{name}|{position}", VALUES | {"name": "{topic}", "position": ""}) == "{topic}|–"


def test_fill_makes_a_value_one_visible_line():
    assert gaps.fill("{name}", VALUES | {"name": " Әлі\n\u202e\u200bұлы "}) == "Әлі ұлы"


def test_layout_tells_title_headings_labels_and_clauses():
    blocks = gaps.laid_out(
        "Келісім\n\nҰйым: А\nҚала: Б: в\n\n1. Мәні\n\n1.1. Мынадай: бар\n\n2. Бұл сөйлем нүктемен аяқталады."
    )
    assert [(block.kind, [(line.label, line.text) for line in block.lines]) for block in blocks] == [
        ("title", [("", "Келісім")]),
        ("lines", [("Ұйым", "А"), ("Қала", "Б: в")]),
        ("heading", [("", "1. Мәні")]),
        ("lines", [("", "1.1. Мынадай: бар")]),
        ("lines", [("", "2. Бұл сөйлем нүктемен аяқталады.")]),
    ]
