"""Fonts for pages and papers: every letter that a Kazakh text needs, in every face."""

import pytest
from django.conf import settings
from django.core.management import call_command
from fontTools.ttLib import TTFont

from course_admin.management.commands.build_assets import FACES, css

NEEDED = "ӘҒҚҢӨҰҮҺІәғқңөұүһіЁёЪъЫыЭэƏə ABCxyz0123456789 №«»„“”–—−…•₸€§±×%’\u00a0\u202f\u2011"


@pytest.fixture(scope="module")
def fonts():
    call_command("build_assets")
    return settings.VAR / "assets" / "fonts"


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_each_face_is_static_and_covers_what_we_print(fonts, face):
    with TTFont(fonts / f"{face.name}.ttf") as paper, TTFont(fonts / f"{face.name}.woff2") as page:
        assert "fvar" not in paper
        assert [c for c in NEEDED if ord(c) not in paper.getBestCmap()] == []
        assert paper["OS/2"].usWeightClass == face.weight
        assert page.getBestCmap() == paper.getBestCmap()


def test_fonts_are_not_made_twice(fonts):
    made = (fonts / "noto.css").stat().st_mtime_ns
    call_command("build_assets")
    assert (fonts / "noto.css").stat().st_mtime_ns == made


def test_style_sheet_names_every_face_by_a_relative_address(fonts):
    text = (fonts / "noto.css").read_text()
    assert text == css() + "\n"
    assert [text.count(f'url("{face.name}.woff2")') for face in FACES] == [1] * 8
