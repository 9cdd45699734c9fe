"""Pages in fewer words: the same letters, distances, points and rectangles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pdf_compact import compact


def shown(line):
    """Reference: letters one by one with the distance that follows each, by reading the operator piece by piece."""
    letters, distances = [], [0.0]
    for piece in re.findall(rb"<[0-9a-f]*>|-?[\d.]+", line[1:-4]):
        if piece.startswith(b"<"):
            for start in range(1, len(piece) - 1, 4):
                letters.append(piece[start : start + 4])
                distances.append(0.0)
        else:
            distances[-1] += float(piece)
    return letters, distances


PIECES = st.lists(
    st.one_of(
        st.integers(0, 0xFFFF).map(lambda n: b"<%04x>" % n),
        st.just(b"<>"),
        st.integers(-900, 900).map(lambda n: b"%d" % n),
        st.floats(-900, 900).map(lambda f: b"%.12f" % f),
    ),
    min_size=1,
    max_size=40,
)


@given(PIECES)
def test_letters_and_distances_stay(pieces):
    # Two numbers side by side would be one: WeasyPrint puts letters, be it none, between them.
    apart = [p for i, p in enumerate(pieces) if p.startswith(b"<") or i == 0 or pieces[i - 1].startswith(b"<")]
    line = b"[" + b"".join(apart) + b"] TJ"
    said = compact(line)
    letters, distances = shown(said)
    assert letters == shown(line)[0]
    assert distances == pytest.approx(shown(line)[1], abs=0.06)
    assert len(said) <= len(line) + 2
    assert b"<>" not in said
    assert b"><" not in said


@given(*[st.integers(-2000, 2000)] * 2, *[st.integers(1, 2000)] * 2)
def test_path_around_a_rectangle_is_that_rectangle(left, top, width, height):
    right, bottom = left + width, top + height
    path = f"{left} {top} m\n{right} {top} l\n{right} {bottom} l\n{left} {bottom} l\nh".encode()
    assert compact(path) == f"{left} {top} {width} {height} re".encode()


@pytest.mark.parametrize(
    "operators",
    [
        b"0 0 m\n10 0 l\n10 9 l\n0 10 l\nh",  # a trapezium
        b"0 0 m\n10 0 l\n10 9 l\n0 9 l\n0 5 l\nh",
        b"0.041666667 0 0 0.041666667 12.3456789 7.7777777 cm",  # a scale keeps its digits
        b"/F0 0.123456 Tf",
        b"BT\n/Span <</MCID 3>>\nBDC",
        b"(12.34567 1 m) Tj",
    ],
)
def test_all_else_stays_as_it_is(operators):
    assert compact(operators) == operators


def test_points_are_rounded_to_hundredths():
    assert compact(b"85.417323 -431.952336 m\n0.125 1e m") == b"85.42 -431.95 m\n0.125 1e m"
