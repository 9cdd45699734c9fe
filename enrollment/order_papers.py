"""Orders as PDF, in Kazakh with Russian, made from a snapshot and nothing else: no request, no user, no database."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core import pdf
from core.kazakh import date_attributive, date_in
from enrollment.order_paper_words import CLOSING, DECISION, LABELS, LANGUAGES, WITH_COHORT
from enrollment.order_words_kazakh import KAZAKH
from enrollment.order_words_russian import RUSSIAN

FOLDER = settings.BASE_DIR / "static" / "enrollment" / "papers"
WORDINGS = {"kk": KAZAKH, "ru": RUSSIAN}
BLANK = "________"  # what a draft does not say yet


def dated(day: str | None, language: str) -> str:
    """The date as it stands before «№»: attributive in Kazakh («2026 жылғы 4 қыркүйектегі»)."""
    if day is None:
        return BLANK
    as_date = date.fromisoformat(day)
    return date_attributive(as_date) if language == "kk" else date_in(as_date, language)


def in_words(day: str, language: str) -> str:
    """«2026 жылғы 4 қыркүйек», «4 сентября 2026 года»."""
    return date_in(date.fromisoformat(day), language)


def in_figures(day: str | None) -> str:
    """«04.09.2026»; empty without a date."""
    return f"{date.fromisoformat(day):%d.%m.%Y}" if day else ""


def position_of(signatory: dict[str, Any], language: str) -> str:
    """The signatory's position, with «м.а.» for an acting head whose position does not say so itself."""
    position: str = signatory["position"][language]
    labels = LABELS[language]
    if not signatory["is_acting"] or labels["acting"] in position.lower():
        return position
    return f"{labels['acting_head']}, {position}"


def _values(shown: dict[str, Any], language: str) -> dict[str, str]:
    """What the sentences of a kind may name."""
    decision, cancels = shown["decision"] or {}, shown["cancels"] or {}
    subject = WORDINGS[language][cancels["kind"]].subject.about(len(shown["people"])) if cancels else ""
    return {
        "decision_date": dated(decision.get("date"), language),
        "decision_number": decision.get("number", BLANK),
        "cancelled_date": dated(cancels.get("date"), language),
        "cancelled_number": cancels.get("number", BLANK),
        "subject": subject,
    }


def _points(shown: dict[str, Any], language: str) -> list[str]:
    people = shown["people"]
    said = list(WORDINGS[language][shown["kind"]].points)
    counts = [len(people)] * len(said)
    with_cohort = sum(person["to_cohort"] is not None for person in people)
    if shown["kind"] == "retake" and with_cohort:
        said, counts = [*said, WITH_COHORT[language]], [len(people) - with_cohort, with_cohort]
    values = _values(shown, language)
    points = [one.about(count).format(**values) for one, count in zip(said, counts, strict=True) if count]
    return [*points, *CLOSING[language]]


def _basis(shown: dict[str, Any], language: str) -> str:
    """The words of the order, and the commission's decision where the preamble does not name it already."""
    parts = [shown["basis"][language]]
    if (decision := shown["decision"]) and shown["kind"] != "expulsion":
        parts.append(DECISION[language].format(date=dated(decision["date"], language), number=decision["number"]))
    return "; ".join(filter(None, parts))


def _courses(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Every cohort that the order speaks of, the people's own first."""
    if shown["kind"] == "cancellation":
        return []
    targets = [person["to_cohort"] for person in shown["people"] if person["to_cohort"]]
    return list({cohort["code"]: cohort for cohort in (*shown["cohorts"], *targets)}.values())


def _course_lines(shown: dict[str, Any], language: str) -> list[str]:
    """For each topic its volume, and the cohorts with their dates."""
    labels = LABELS[language]
    lines: dict[tuple[str, int], list[str]] = {}
    for cohort in _courses(shown):
        dates = f"{in_figures(cohort['from'])}\N{NO-BREAK SPACE}– {in_figures(cohort['to'])}"
        named = f"{labels['cohort'].lower()} {cohort['code']}, {dates}"
        lines.setdefault((cohort["topic"][language], cohort["hours"]), []).append(named)
    return [
        f"{labels['course']}: «{topic}»; {labels['hours'].format(hours=hours)}; {'; '.join(cohorts)}."
        for (topic, hours), cohorts in lines.items()
    ]


def _in_language(shown: dict[str, Any], language: str) -> dict[str, Any]:
    wording = WORDINGS[language][shown["kind"]]
    return LABELS[language] | {
        "language": language,
        "institute": shown["institute"][language],
        "city": LABELS[language]["city"].format(city=shown["city"][language]),
        "date": in_words(shown["date"], language),
        "subject": wording.subject.about(len(shown["people"])),
        "preamble": wording.preamble.about(len(shown["people"])).format(**_values(shown, language)),
        "points": _points(shown, language),
        "basis_text": _basis(shown, language),
        "courses": _course_lines(shown, language),
        "position": position_of(shown["signatory"], language),
    }


def _row(person: dict[str, Any], kind: str) -> dict[str, Any]:
    own = person["cohort"] if kind == "reinstatement" else ""  # back into the own cohort
    return person | {
        "work": ", ".join(filter(None, (person["position"], person["employer"]))),
        "to": person["to_cohort"]["code"] if person["to_cohort"] else own,
        "until_text": in_figures(person["until"]),
    }


def order_html(snapshot: dict[str, Any], *, draft: bool = False) -> str:
    """The body of the paper as HTML; every value of the snapshot is escaped. ValueError for an unknown kind."""
    if snapshot.get("kind") not in KAZAKH:
        raise ValueError(f"no order of the kind {snapshot.get('kind')!r}")
    shown = pdf.printable(snapshot)
    kazakh, russian = (_in_language(shown, language) for language in LANGUAGES)
    rows = [_row(person, shown["kind"]) for person in shown["people"]]
    shows = {name: any(row[name] for row in rows) for name in ("to", "until_text", "note")}
    return render_to_string(
        "enrollment/papers/order.html",
        {
            "shown": shown,
            "kk": kazakh,
            "ru": russian,
            "languages": [kazakh, russian],
            "rows": rows,
            "shows": shows,
            "crowded": sum(shows.values()) > 1,
            # One cohort that the text has named already needs no column.
            "shows_cohort": shows["to"] or not kazakh["courses"] or len({row["cohort"] for row in rows}) > 1,
            "draft": draft,
        },
    )


def render_order(snapshot: dict[str, Any], *, draft: bool = False) -> bytes:
    """The order as PDF, A4, as many pages as its list needs; a draft says so across every page.

    Errors: those of `core.pdf.render`; KeyError or ValueError for a snapshot that lacks something.
    """
    return pdf.render(
        order_html(snapshot, draft=draft),
        stylesheets=[FOLDER / "paper.css"],
        language="kk",
        title=f"{LABELS['kk']['order']} № {pdf.printable(snapshot['number'])}",
    )
