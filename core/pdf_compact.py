"""Pages of a PDF said in fewer words: the same marks on the paper, a tenth less in the file."""

import re

# A path, rectangle, colour, width or place of text whose numbers need no more than hundredths of a point. Matrices that
# scale (`cm`) keep all their digits: there a hundredth is much.
_POINTS = re.compile(rb"^[-\d. ]+ (?:m|l|c|v|y|re|w|rg|RG|Tm)$", re.MULTILINE)
_LONG = re.compile(rb"-?\d+\.\d{3,}")
# Text as WeasyPrint writes it: one letter, its distance, the next letter.
_LETTERS = re.compile(rb"^\[(?:<[0-9a-f]*>|-?\d+(?:\.\d+)?)+\] TJ$", re.MULTILINE)
_PIECE = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+)")
# A rectangle as a path around it, as SVG drawings give it.
_AROUND = re.compile(
    rb"^(-?[\d.]+) (-?[\d.]+) m\n(-?[\d.]+) \2 l\n\3 (-?[\d.]+) l\n\1 \4 l\nh$",
    re.MULTILINE,
)


def compact(operators: bytes) -> bytes:
    """The operators of a page or drawing, an operator a line, with numbers to hundredths and without needless words.

    Pure. A distance between letters changes by at most 0.05 thousandths of their size, a point by 0.005 of its unit.
    """
    return _AROUND.sub(_rectangle, _LETTERS.sub(_letters, _POINTS.sub(_rounded, operators)))


def _rounded(points: re.Match[bytes]) -> bytes:
    return _LONG.sub(lambda number: b"%g" % round(float(number[0]), 2), points[0])


def _letters(shown: re.Match[bytes]) -> bytes:
    """Letters with no distance between them as one word, distances that follow each other as one."""
    pieces: list[bytes | float] = []
    for letters, distance in _PIECE.findall(shown[0]):
        if distance:
            moved = float(distance)
            if moved and pieces and isinstance(pieces[-1], float):
                pieces[-1] += moved
            elif moved:
                pieces.append(moved)
        elif letters and pieces and isinstance(pieces[-1], bytes):
            pieces[-1] += letters
        elif letters:
            pieces.append(letters)
    return b"[%s] TJ" % b"".join(b"<%s>" % p if isinstance(p, bytes) else b"%g" % round(p, 1) for p in pieces)


def _rectangle(path: re.Match[bytes]) -> bytes:
    left, top, right, bottom = (float(number) for number in path.groups())
    return b"%g %g %g %g re" % (left, top, round(right - left, 3), round(bottom - top, 3))
