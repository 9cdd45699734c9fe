"""The journal of a cohort's attendance: a PDF to print and sign, in Kazakh with Russian headings, and a workbook."""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import pdf
from core.kazakh import number
from core.spreadsheets import write_xlsx
from enrollment.attendance import Cell, Register
from enrollment.journal_words import KINDS, SIGNS, WORDS
from enrollment.models import AttendanceMark, Session, SessionState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STYLE = settings.BASE_DIR / "static" / "enrollment" / "papers" / "journal.css"
COLUMNS = 22  # sessions beside the names on one landscape page; the totals take the place of TOTALS of them
TOTALS = 3


def parts(count: int) -> list[tuple[int, int]]:
    """From which to which of `count` sessions stand on each page, about alike; the last has room for the totals."""
    pages = max(1, -(-(count + TOTALS) // COLUMNS))
    each = -(-(count + TOTALS) // pages)
    bounds = [min(count, each * page) for page in range(pages)] + [count]
    return list(pairwise(bounds))


def sign(cell: Cell) -> str:
    """What stands in a cell of the paper."""
    if cell.record is None:
        missing = cell.belongs and cell.session.state == SessionState.HELD
        return SIGNS["open" if missing else "outside"]
    return str(cell.record.minutes) if cell.is_partial else SIGNS[cell.record.mark]


def _printable(text: str) -> str:
    """Without marks that have no shape. A letter that the fonts lack becomes a question mark and fails no journal."""
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in ("Cc", "Cf"))
    if not pdf.missing_letters(shown):
        return shown
    return "".join("?" if pdf.missing_letters(c) else c for c in shown)


def _title(row: Model, language: str) -> str:
    """The title in that language; empty without one."""
    return getattr(row, f"title_{language}") or ""


def _percent(percent: int | None) -> str:
    return "–" if percent is None else str(percent)


def _column(session: Session) -> dict[str, str]:
    at = timezone.localtime(session.starts_at)
    return {
        "day": f"{at:%d.%m}",
        "hour": f"{at:%H:%M}",
        "module": str(session.module.no),
        "kind": KINDS[session.kind],
        "hours": str(session.hours),
    }


def _session(session: Session, cells: Sequence[Cell]) -> dict[str, Any]:
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    held = session.state == SessionState.HELD
    present = sum(cell.record is not None and cell.record.mark == AttendanceMark.PRESENT for cell in cells)
    return {
        "when": f"{begins:%d.%m.%Y} {begins:%H:%M}–{ends:%H:%M}",
        "module": f"{session.module.no}. {_printable(_title(session.module, 'kk'))}",
        "topic": _printable(session.topic),
        "kind": [WORDS[language][session.kind] for language in ("kk", "ru")],
        "hours": session.hours,
        "trainer": _printable(str(session.trainer or "")),
        "present": f"{present} / {sum(cell.belongs for cell in cells)}" if held else "",
        "state": [WORDS[language]["held" if held else "planned"] for language in ("kk", "ru")],
    }


def _hours(hours: Decimal | int) -> str:
    return number(hours, "kk")


def paper(register: Register) -> dict[str, Any]:
    """All that the paper says, as plain values in the order in which it says them."""
    cohort = register.cohort
    edition = cohort.edition
    people: list[dict[str, Any]] = [
        {
            "name": _printable(line.enrolment.listener.full_name),
            "signs": [sign(cell) for cell in line.cells],
            "attended": _hours(line.attended_hours),
            "carried": _hours(line.carried_hours) if line.share.carried else "",
            "percent": _percent(line.share.percent),
            "is_below": line.is_below,
        }
        for line in register.lines
    ]
    columns = [_column(session) for session in register.sessions]
    pages: list[dict[str, Any]] = [
        {
            "columns": columns[first:last],
            "people": [person | {"signs": person["signs"][first:last]} for person in people],
            "has_totals": False,
        }
        for first, last in parts(len(columns))
    ]
    pages[-1]["has_totals"] = True
    return {
        "kk": WORDS["kk"],
        "ru": WORDS["ru"],
        "institute": [settings.INSTITUTE_NAME["kk"], settings.INSTITUTE_NAME["ru"]],
        "programme": [_printable(_title(edition, language)) for language in ("kk", "ru")],
        "cohort": cohort.code,
        "dates": f"{cohort.starts_on:%d.%m.%Y} – {cohort.ends_on:%d.%m.%Y}",
        "trainers": [_printable(str(trainer)) for trainer in cohort.trainers.order_by("full_name")],
        "pages": pages,
        "held_hours": register.held_hours,
        "minimum": settings.ATTENDANCE_MINIMUM,
        "sessions": [
            _session(session, [line.cells[place] for line in register.lines])
            for place, session in enumerate(register.sessions)
        ],
        "signs": SIGNS,
        "kinds": [(KINDS[kind], WORDS["kk"][kind], WORDS["ru"][kind]) for kind in KINDS],
        "made": f"{timezone.localdate():%d.%m.%Y}",
    }


def render_pdf(register: Register) -> bytes:
    """The journal as PDF, landscape A4. Errors: those of `core.pdf.render` for missing fonts."""
    shown = paper(register)
    body = render_to_string("enrollment/papers/journal.html", shown)
    title = f"{WORDS['kk']['journal']}: {register.cohort.code}"
    return pdf.render(body, stylesheets=[STYLE], language="kk", title=title)


def _heading(session: Session) -> str:
    at = timezone.localtime(session.starts_at)
    return f"{at:%d.%m.%Y %H:%M}\n{session.module.no}, {session.get_kind_display()}, {session.hours}"


def _value(cell: Cell) -> Any:
    if cell.record is None:
        missing = cell.belongs and cell.session.state == SessionState.HELD
        return "?" if missing else ""
    if cell.is_partial:
        return cell.record.minutes
    return cell.record.get_mark_display()


def write_workbook(register: Register) -> bytes:
    """The same as a workbook in the active language; minutes of a part stand as numbers."""
    header: Sequence[Any] = [
        "№",
        _("Listener"),
        _("Employer"),
        _("State"),
        *(_heading(session) for session in register.sessions),
        _("Hours attended"),
        _("of them brought along"),
        _("Hours held"),
        _("Share, %"),
    ]
    rows = [
        [
            no,
            line.enrolment.listener.full_name,
            line.enrolment.listener.employer.name if line.enrolment.listener.employer else "",
            line.enrolment.get_state_display(),
            *(_value(cell) for cell in line.cells),
            line.attended_hours,
            line.carried_hours,
            register.held_hours,
            line.share.percent,
        ]
        for no, line in enumerate(register.lines, start=1)
    ]
    return write_xlsx(rows, header=header, title=register.cohort.code)
