"""The gaps of an agreement's text, such as {name}: which there are, what is wrong with a text, and how it is filled.

Pure. A gap stands alone, after a colon or on a line of its own, so that nothing put into it needs a case ending.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.pdf import missing_letters, printable

# What each gap takes, as the help beside the text says it.
GAPS: dict[str, object] = {
    "name": gettext_lazy("full name of the listener"),
    "position": gettext_lazy("job title"),
    "employer": gettext_lazy("place of work"),
    "topic": gettext_lazy("topic of the course"),
    "hours": gettext_lazy("academic hours"),
    "cohort": gettext_lazy("code of the cohort"),
    "from": gettext_lazy("first day of the course"),
    "to": gettext_lazy("last day of the course"),
    "format": gettext_lazy("form of study"),
    "pass_mark": gettext_lazy("lowest number of points that passes"),
    "institute": gettext_lazy("name of the institute"),
    "city": gettext_lazy("city"),
    "contact": gettext_lazy("telephone or mail of the institute"),
}
REQUIRED = ("name", "topic", "hours", "cohort", "from", "to", "institute")
LONGEST = 40_000  # characters of one language
NOTHING = "–"  # stands where the register has nothing
_GAP = re.compile(r"\{([^{}]*)\}")
_CLAUSE = re.compile(r"\d+(?:\.\d+)+\.?\s")
_HEADING = re.compile(r"\d+\.\s\S.{0,100}\Z")
_LABELLED = re.compile(r"([^:]{1,60}):\s+(\S.*)\Z")


class TextRefused(Refused):
    """An agreement's text that cannot be filled or printed."""


def check(text: str) -> None:
    """Raise `TextRefused` for an empty or endless text, an unknown gap, a stray brace, letters that no font has."""
    if not text.strip():
        raise TextRefused(_("The text is empty."))
    if len(text) > LONGEST:
        raise TextRefused(_("The text is longer than %(count)s characters.") % {"count": LONGEST})
    if unknown := [gap for gap in dict.fromkeys(_GAP.findall(text)) if gap not in GAPS]:
        raise TextRefused(
            _("There is no such gap: %(unknown)s. The gaps are: %(known)s.")
            % {"unknown": _braced(unknown), "known": _braced(GAPS)}
        )
    if set("{}") & set(_GAP.sub("", text)):
        raise TextRefused(_("A brace stands alone. A gap is written {name}, with both braces."))
    if lacking := missing_letters(text):
        raise TextRefused(
            _("The text has characters that cannot be printed: %(characters)s.") % {"characters": ", ".join(lacking)}
        )


def missing(text: str) -> list[str]:
    """The gaps, in braces, that an agreement needs and this text has not."""
    found = set(_GAP.findall(text))
    return [f"{{{gap}}}" for gap in REQUIRED if gap not in found]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every gap filled; what is put in is one line and is never read as a gap itself."""
    lines = text.replace("\r\n", "\n").strip()
    return _GAP.sub(lambda gap: " ".join(printable(values[gap[1]]).split()) or NOTHING, lines)


def _braced(gaps: Mapping[str, object] | list[str]) -> str:
    return ", ".join(f"{{{gap}}}" for gap in gaps)


@dataclass(frozen=True)
class Line:
    """One line: a label with its value, or a sentence (then `label` is empty)."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph of a filled text: its title, a heading such as «1. …», or lines."""

    kind: str  # "title", "heading", "lines"
    lines: tuple[Line, ...]


def laid_out(filled: str) -> list[Block]:
    """A filled text as the page and the paper show it: the first paragraph is the title, empty lines part the rest."""
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", filled) if p.strip()]
    return [_block(paragraph, first=place == 0) for place, paragraph in enumerate(paragraphs)]


def _block(paragraph: str, *, first: bool) -> Block:
    lines = tuple(_line(line.strip()) for line in paragraph.split("\n"))
    if first:
        return Block("title", (Line(" ".join(paragraph.split())),))
    if len(lines) == 1 and _HEADING.match(paragraph) and not paragraph.endswith((".", ":")):
        return Block("heading", (Line(paragraph),))
    return Block("lines", lines)


def _line(line: str) -> Line:
    labelled = None if _CLAUSE.match(line) else _LABELLED.match(line)
    return Line(labelled[2], labelled[1]) if labelled else Line(line)
