"""QR codes as vector drawings."""

from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

# White space around the code, in modules, as the standard asks; it is part of the drawing.
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


def qr_svg(url: str) -> str:
    """The address as an SVG drawing without a size of its own: level Q, black on white, four modules of quiet zone.

    One path of merged rectangles, because drawing module by module costs several times as much.
    """
    matrix = _matrix(url)
    side = len(matrix) + 2 * QUIET_ZONE
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{width}v{height}h-{width}z" for x, y, width, height in _rectangles(matrix)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>'
    )
