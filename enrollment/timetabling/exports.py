"""A cohort's timetable to print (PDF) and to work on (XLSX), in the active language."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import pdf
from core.spreadsheets import write_xlsx
from enrollment.models import Cohort, Session, Signatory
from enrollment.timetabling.diary import local
from enrollment.timetabling.hours import balance, needs, total
from enrollment.timetabling.overview import Card, weeks_of
from enrollment.timetabling.wording import span

STYLE = settings.BASE_DIR / "static" / "enrollment" / "papers" / "timetable.css"


def sessions_of(cohort: Cohort) -> list[Session]:
    """Standing sessions in order of time."""
    return list(cohort.sessions.standing().with_place())


def xlsx(cohort: Cohort) -> bytes:
    """A row for each session; links of online sessions stand in it, it is for staff."""
    header = [
        _("Date"), _("Weekday"), _("Time"), _("Academic hours"), "№", _("Module"), _("Kind"), _("Topic"), _("Trainer"),
        _("Room"), _("Link to the online meeting"), _("State"),
    ]  # fmt: skip
    return write_xlsx(map(_row, sessions_of(cohort)), header=header, title=_("Timetable"))


def _row(session: Session) -> Sequence[Any]:
    starts = local(session.starts_at)
    return [
        starts.date(),
        formats.date_format(starts, "l"),
        span(session),
        session.hours,
        session.module.no,
        session.module.title,
        session.get_kind_display(),
        session.topic,
        str(session.trainer or ""),
        str(session.room or ""),
        session.link,
        session.get_state_display(),
    ]


def paper(cohort: Cohort) -> bytes:
    """The timetable as PDF, a table for each week, with a place for the head's approval. No links: it is for a wall."""
    sessions = sessions_of(cohort)
    today = timezone.localdate()
    modules = list(cohort.edition.modules.all())
    language = get_language() or settings.LANGUAGE_CODE
    body = render_to_string(
        "enrollment/timetable_paper.html",
        {
            "cohort": cohort,
            "modules": modules,
            "weeks": weeks_of([Card(session) for session in sessions], today),
            "total": total(balance(needs(modules), [(s.module_id, s.kind, s.hours) for s in sessions])),
            "signatory": Signatory.objects.in_power_on(today).first(),
            "institute": settings.INSTITUTE_NAME[language],
            "today": today,
        },
    )
    title = _("Timetable: %(cohort)s") % {"cohort": cohort}
    return pdf.render(body, stylesheets=[STYLE], language=language, title=title)


WRITERS: dict[str, tuple[str, Callable[[Cohort], bytes]]] = {
    "pdf": ("application/pdf", paper),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}


def file_response(cohort: Cohort, ending: str) -> HttpResponse:
    """The timetable as a file of this kind, a key of WRITERS."""
    content_type, write = WRITERS[ending]
    name = f"timetable-{cohort.code}.{ending}"
    return HttpResponse(
        write(cohort), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
