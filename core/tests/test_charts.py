"""Pictures of numbers: geometry, patterns, words for those who do not see them."""

import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags.charts import BAR, HEAD, LETTERS, PATTERNS, PILLAR, TRACK, Bar, draw, draw_pillars

TAG = Template(
    '{% load charts %}{% stacked_bars name="n" title="Hours" description="By kind" series=series bars=bars %}'
)
BARS = [Bar("Long & winding " * 5, (4, 6, 4)), Bar("Second", (0, 4, 2)), Bar("Empty", (0, 0, 0))]


def picture(bars=BARS, series=("a", "b", "c")):  # type: ignore[no-untyped-def]
    html = TAG.render(Context({"series": series, "bars": bars}))
    return html, ET.fromstring(html)


def test_longest_bar_takes_the_track_and_others_their_share():
    drawn, _ = draw(BARS)
    assert [bar.end for bar in drawn] == ["86.00%", "36.86%", "0.00%"]
    assert [(p.x, p.width, p.value, p.pattern) for p in drawn[1].parts] == [
        ("0.00%", "24.57%", 4, 2),
        ("24.57%", "12.29%", 2, 3),
    ]


def test_no_bars_and_empty_bars_are_drawn_without_error():
    assert draw([]) == ([], 0)
    assert draw([Bar("x", ())])[0][0].parts == []


@given(st.lists(st.builds(Bar, st.text("аб ", max_size=200), st.tuples(*[st.integers(0, 500)] * 5)), max_size=6))
def test_parts_follow_each_other_within_the_track_and_bars_do_not_overlap(bars):
    drawn, height = draw(bars)
    below = 0
    for bar, source in zip(drawn, bars, strict=True):
        assert all(len(text) <= LETTERS for text, _ in bar.lines)
        assert [part.value for part in bar.parts] == [v for v in source.values if v]
        edge = 0.0
        for part in bar.parts:
            assert float(part.x[:-1]) == pytest.approx(edge, abs=0.02)
            assert 1 <= part.pattern <= PATTERNS
            edge = float(part.x[:-1]) + float(part.width[:-1])
        assert edge <= TRACK + 0.05
        assert bar.y >= below
        below = bar.y + BAR
    assert height == below


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_picture_is_well_formed_named_and_has_numbers_svg_can_read(language):
    with override(language):
        html, root = picture()
    svg = next(e for e in root.iter() if e.get("role") == "img")
    assert [svg.find(tag).text for tag in ("title", "desc")] == ["Hours", "By kind"]
    assert svg.get("aria-labelledby").split() == [svg.find("title").get("id"), svg.find("desc").get("id")]
    assert "," not in "".join(rect.get("x", "") + rect.get("width") for rect in svg.iter("rect"))
    assert "style=" not in html
    assert "<script" not in html


def test_every_fill_is_a_pattern_that_exists():
    _, root = picture()
    patterns = {f"url(#{p.get('id')})" for p in root.iter("pattern")}
    assert {r.get("fill") for r in root.iter("rect") if r.get("fill")} <= patterns


def test_narrow_part_has_no_number_in_it_but_the_total_is_there():
    _, root = picture([Bar("x", (1, 99))])
    assert [t.text for t in root.iter("text")] == ["x", "99", "100"]


def test_fifth_series_takes_the_first_pattern_again():
    drawn, _ = draw([Bar("x", (1, 1, 1, 1, 1))])
    assert [p.pattern for p in drawn[0].parts] == [1, 2, 3, 4, 1]


# --- Pillars ---------------------------------------------------------------------------------------


@given(st.lists(st.builds(Bar, st.text("01", max_size=2), st.tuples(*[st.integers(0, 5000)] * 2)), max_size=20))
def test_pillars_stand_on_the_ground_beside_each_other_and_in_the_picture(bars):
    drawn = draw_pillars(bars)
    edge = 0.0
    for pillar, bar in zip(drawn, bars, strict=True):
        assert float(pillar.x[:-1]) >= edge - 0.02
        edge = float(pillar.x[:-1]) + float(pillar.width[:-1])
        ground = HEAD + PILLAR
        for y, height, _pattern in pillar.parts:
            assert (y + height, height >= 2) == (ground, True)
            ground = y
        assert pillar.top >= HEAD - 5 - 3  # two parts of at least two
        assert (len(pillar.parts), pillar.total) == (sum(value > 0 for value in bar.values), bar.total)
    assert edge <= 100


def test_pillars_are_well_formed_named_and_read_aloud():
    tag = Template('{% load charts %}{% pillars "p" "Checks" series bars %}')
    html = tag.render(Context({"series": ["found", "not found"], "bars": [Bar("4", (3, 0)), Bar("5", (2, 9))]}))
    root = ET.fromstring(html)
    svg = next(e for e in root.iter() if e.get("role") == "img")
    assert [svg.find(t).text for t in ("title", "desc")] == ["Checks", "4: 3 + 0; 5: 2 + 9"]
    assert [t.text for t in root.iter("text")] == ["3", "4", "11", "5"]
    assert "style=" not in html
