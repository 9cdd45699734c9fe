"""A certificate with its appendix: ours, against WeasyPrint as its first page of documentation shows it."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.measure import Row, compare
from certificates.models import Kind
from certificates.papers import FOLDER, paper_html, render_paper
from certificates.snapshots import take_snapshot
from certificates.validity import valid_until
from core.pdf import FAMILIES
from course_admin.management.commands.build_assets import FACES
from enrollment.models import CohortState
from programs.models import ProgrammeEdition
from tests import factories
from tests.factories import close_protocol

GOAL = 2


def snapshot() -> dict[str, object]:
    """A certificate of the shipped programme."""
    today = timezone.localdate()
    administrator = factories.UserFactory(is_administrator=True)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today - timedelta(days=10)}
    cohort = factories.make_cohort(edition=ProgrammeEdition.objects.get(), state=CohortState.ASSESSING, **days)
    enrolment = factories.make_enrolment(cohort=cohort)
    factories.make_scores(enrolment, [18, 22, 13, 27, 9], by=administrator)
    protocol = close_protocol(cohort=cohort, held_on=today, leave_out={}, by=administrator)
    return take_snapshot(
        kind=Kind.CERTIFICATE,
        outcome=protocol.outcomes.get(),
        signatory=factories.make_signatory(),
        issued_on=today,
        valid_until=valid_until(today, 3),
        number="SE-2026-000001",
        verification_url="https://kurs.example.kz/v/" + "x" * 32 + "/",
    )


def naive(body: str) -> bytes:
    """The same tagged PDF/A by the same rules: variable fonts as they come, rules and ornaments read each time."""
    fonts = FontConfiguration()
    family_of = {stem: family for family, stem in FAMILIES.items()}
    faces = "\n".join(
        f'@font-face {{ font-family: "{family_of[f.stem]}"; font-weight: {f.weight}; '
        f'font-style: {"italic" if f.italic else "normal"}; src: url("{f.source.as_uri()}") }}'
        for f in FACES
    )
    under = (
        f'@page {{ background: url("{(FOLDER / "appendix.svg").as_uri()}") }}'
        f'@page :first {{ background: url("{(FOLDER / "certificate.svg").as_uri()}") }}'
    )
    sheets = [CSS(string=faces + under, font_config=fonts)]
    sheets += [CSS(filename=str(FOLDER / name), font_config=fonts) for name in ("paper.css", "certificate.css")]
    return HTML(string=f"<!doctype html><html lang='kk'><body>{body}</body>").write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3u", pdf_tags=True
    )


def rows() -> Iterator[Row]:
    """Template and PDF together, one after another."""
    taken = snapshot()
    yield compare(
        "certificate with appendix",
        lambda: render_paper(taken),
        "WeasyPrint, naively",
        lambda: naive(paper_html(taken)),
        times=3,
        goal=GOAL,
    )
