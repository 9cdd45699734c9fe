"""`manage.py build_assets`: static subsets of the bundled Noto fonts, for papers (TTF) and pages (WOFF2)."""

import hashlib
import os
import shutil
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand

FAMILIES = {"NotoSans": ("Noto Sans", "fontpkg-noto-sans"), "NotoSerif": ("Noto Serif", "fontpkg-noto-serif")}
WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}

# What the three languages, names in Latin letters, figures and money need. A font without one of them lacks it quietly;
# the letters that matter are asserted by a test.
CHARACTERS = [
    *range(0x0020, 0x007F),  # Basic Latin
    *range(0x00A0, 0x0180),  # Latin-1 and Latin Extended-A
    *range(0x0300, 0x030D),  # combining accents
    *range(0x0400, 0x0530),  # Cyrillic with its supplement: all Kazakh letters
    0x018F, 0x0259, 0x02BC,  # Ə ə ʼ
    *range(0x2000, 0x2028), 0x202F, *range(0x2030, 0x203B), 0x2044, 0x2060,  # spaces, dashes, quotes, dots
    0x2070, *range(0x2074, 0x207A), *range(0x2080, 0x208A),  # superior and inferior figures
    0x20AC, 0x20B8, 0x20BD, 0x2116, 0x2122,  # € ₸ ₽ № ™
    *range(0x2190, 0x219A), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,  # arrows, − ≈ ≠ ≤ ≥
    0x25A0, 0x25AA, 0x25CF, 0x2610, 0x2611, 0x2713,  # marks
]  # fmt: skip
FEATURES = ["tnum", "lnum", "case"]


class Face(NamedTuple):
    """One static font: which variable file it is cut from, and at which weight."""

    stem: str
    style: str
    weight: int
    italic: bool

    @property
    def name(self) -> str:
        return f"{self.stem}-{self.style}"

    @property
    def source(self) -> Path:
        package = FAMILIES[self.stem][1].replace("-", "_")
        italic = "-Italic" if self.italic else ""
        return Path(str(files(package))) / "files" / f"{self.stem}{italic}[wdth,wght].ttf"


FACES = [
    *(Face(stem, style, weight, False) for stem in FAMILIES for style, weight in WEIGHTS.items()),
    *(Face(stem, "Italic", 400, True) for stem in FAMILIES),
]


def stamp() -> str:
    """What the fonts are made from: these packages' versions and this file's text."""
    packages = [f"{p}={version(p)}" for p in ("fonttools", "brotli", *(package for _, package in FAMILIES.values()))]
    return "\n".join([*packages, hashlib.sha256(Path(__file__).read_bytes()).hexdigest()])


def css() -> str:
    """The @font-face rules of all faces, with addresses relative to the file."""
    rule = (
        '@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; font-display: swap; '
        'src: url("{name}.woff2") format("woff2"); }}'
    )
    return "\n".join(
        rule.format(family=FAMILIES[f.stem][0], style="italic" if f.italic else "normal", weight=f.weight, name=f.name)
        for f in FACES
    )


def make_fonts(folder: Path) -> None:
    """Write NAME.ttf and NAME.woff2 of each face, and noto.css, into the folder."""
    # These take half a second to import, and most starts have nothing to make.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options(hinting=False, name_IDs=["*"], notdef_outline=True)
    options.layout_features = [*options.layout_features, *FEATURES]
    smaller: dict[Path, Path] = {}
    for face in FACES:
        if face.source not in smaller:
            with subset.load_font(str(face.source), options) as font:
                cutter = subset.Subsetter(options)
                cutter.populate(unicodes=CHARACTERS)
                cutter.subset(font)
                smaller[face.source] = folder / f"{len(smaller)}.variable"
                font.save(smaller[face.source])
        with TTFont(smaller[face.source]) as font:
            place = {"wght": face.weight, "wdth": 100}
            instancer.instantiateVariableFont(font, place, inplace=True, updateFontNames=True)
            font.save(folder / f"{face.name}.ttf")
            font.flavor = "woff2"
            font.save(folder / f"{face.name}.woff2")
    for path in smaller.values():
        path.unlink()
    (folder / "noto.css").write_text(css() + "\n")


class Command(BaseCommand):
    help = "Makes the static fonts for pages and papers; does nothing when they are already made."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the fonts in VAR/assets/fonts unless the stamp says that they are there already."""
        fonts = settings.VAR / "assets" / "fonts"
        mark = settings.VAR / "assets.stamp"
        if mark.exists() and mark.read_text() == stamp() and (fonts / "noto.css").exists():
            return
        self.stdout.write("Making the fonts …")
        # Beside its place, then renamed: whoever looks in the meantime sees the old folder or the new one whole.
        fresh = settings.VAR / f"fonts-{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        make_fonts(fresh)
        shutil.rmtree(fonts, ignore_errors=True)
        fresh.replace(fonts)
        mark.write_text(stamp())
