"""What a printer puts on security blanks: variable text alone, in millimetres; a calibration sheet; the act's paper."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from certificates.papers import CODE_MM, FOLDER, paper_context
from certificates.qr import qr_mark
from core import pdf
from core.kazakh import date_in

# Where the calibration sheet has its crosses, from the upper left corner of an A4 sheet lying on its side, mm.
CROSSES = ((20, 20), (277, 20), (148, 105), (20, 190), (277, 190))
NO_OFFSET = (Decimal(0), Decimal(0))


def render_layer(
    snapshots: Sequence[dict[str, Any]], *, labels: Sequence[str], offset: tuple[Decimal, Decimal] = NO_OFFSET
) -> bytes:
    """One A4 page lying on its side per certificate, in the order given: what a blank does not say already.

    Places are those of the full-page certificate, moved `offset` millimetres to the right and down. `labels` are series
    and number of each blank: the pages' names for a reader, not printed. Errors: those of `core.pdf.render`.
    """
    sheets = [
        paper_context(snapshot) | {"code_id": f"qr-{place}", "blank": label}
        for place, (snapshot, label) in enumerate(zip(snapshots, labels, strict=True))
    ]
    body = render_to_string(
        "certificates/papers/layer.html", {"sheets": sheets, "right": f"{offset[0]:.1f}", "down": f"{offset[1]:.1f}"}
    )
    marks = {f"qr-{place}": qr_mark(taken["verification_url"], CODE_MM) for place, taken in enumerate(snapshots)}
    styles = [FOLDER / name for name in ("paper.css", "certificate.css", "layer.css")]
    return pdf.render(body, stylesheets=styles, language="kk", title=", ".join(labels)[:200], marks=marks)


def render_calibration(*, printer: str, offset: tuple[Decimal, Decimal] = NO_OFFSET) -> bytes:
    """A sheet with crosses at known places and a ruler, to be laid over a blank: how far the printer is out."""
    context = {
        "printer": pdf.printable(printer),
        "right": f"{offset[0]:.1f}",
        "down": f"{offset[1]:.1f}",
        "crosses": CROSSES,
        "ticks": range(0, 101, 5),
    }
    body = render_to_string("certificates/papers/calibration.html", context)
    styles = [FOLDER / "paper.css", FOLDER / "calibration.css"]
    return pdf.render(body, stylesheets=styles, language="kk", title="Калибрлеу парағы")


STATES = {
    "kk": {"spoiled": "бүлінген", "lost": "жоғалған"},
    "ru": {"spoiled": "испорчен", "lost": "утерян"},
}


def render_act(snapshot: dict[str, Any], *, institute: dict[str, str]) -> bytes:
    """The act of write-off as PDF in Kazakh with Russian, from its snapshot alone."""
    shown = pdf.printable(snapshot)
    day = date.fromisoformat(shown["dated_on"])
    rows = [
        row | {"kk": STATES["kk"].get(row["state"], row["state"]), "ru": STATES["ru"].get(row["state"], row["state"])}
        for row in shown["blanks"]
    ]
    body = render_to_string(
        "certificates/papers/act.html",
        {
            "shown": shown,
            "rows": rows,
            "kk_date": date_in(day, "kk"),
            "ru_date": date_in(day, "ru"),
            "institute": institute,
        },
    )
    styles = [FOLDER / "paper.css", FOLDER / "act.css"]
    return pdf.render(body, stylesheets=styles, language="kk", title=f"Акт № {shown['number']}")
