"""QR codes as what a PDF page draws."""

from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

# White space around the code, in modules, as the standard asks; it is part of the mark.
QUIET_ZONE = 4


def _matrix(url: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where a row is dark: (first module, number of modules)."""
    runs, start = [], 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs.append((start, length))
        start += length
    return runs


def _rectangles(matrix: list[list[bool]]) -> list[tuple[int, int, int, int]]:
    """The dark modules as few rectangles (x, y, width, height): equal runs of neighbouring rows are one."""
    done: list[tuple[int, int, int, int]] = []
    open_: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*matrix, []]):
        runs = _runs(row)
        for run in [run for run in open_ if run not in runs]:
            first = open_.pop(run)
            done.append((run[0], first, run[1], y - first))
        for run in runs:
            open_.setdefault(run, y)
    return sorted(done)


def qr_mark(url: str, millimetres: float) -> bytes:
    """The address as PDF operators, this wide and high, y downwards: level Q, four modules of quiet zone.

    Merged rectangles in one path, because drawing module by module, or through SVG, costs several times as much.
    """
    matrix = _matrix(url)
    side = len(matrix) + 2 * QUIET_ZONE
    dark = b"\n".join(
        b"%d %d %d %d re" % (x + QUIET_ZONE, y + QUIET_ZONE, width, height)
        for x, y, width, height in _rectangles(matrix)
    )
    scale = millimetres * 72 / 25.4 / side
    return b"%.5f 0 0 %.5f 0 0 cm\n1 1 1 rg\n0 0 %d %d re\nf\n0 0 0 rg\n%s\nf" % (scale, scale, side, side, dark)
