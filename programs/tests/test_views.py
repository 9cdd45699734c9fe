"""The public page of the programme."""

import re
from html import unescape

import pytest
from django.core.cache import cache

from programs import publishing
from programs.loading import load_programme
from programs.models import EditionState, ProgrammeEdition, Term
from tests.factories import make_edition

pytestmark = pytest.mark.django_db
TITLES = {
    "kk": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
    "ru": "Менеджмент в образовании: инновационные подходы в управлении",
    "en": "Management in education: innovative management approaches",
}
QUERIES = 9  # edition, rubric, modules, lines, terms, sources, criteria, bands


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    """The page's text with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_shows_the_programme_in_each_language(client, count_queries, language):
    edition = load_programme()
    client.cookies["language"] = language
    with count_queries() as seen:
        response = client.get("/programme/")
    text = text_of(response)
    assert (response.status_code, seen.count) == (200, QUERIES)
    assert f'<html lang="{language}">' in response.content.decode()
    assert TITLES[language] in text
    criteria = edition.current_rubric().criteria.all()
    for row in (*edition.modules.all(), *edition.items.all(), *edition.terms.all(), *criteria):
        words = [getattr(row, f"{name}_{language}", "") for name in ("term", "title", "text")]
        assert max(words, key=len) in text
    for source in edition.sources.all():
        assert source.title in text


def test_page_computes_totals_and_shares_and_names_the_volume_in_a_note(client):
    load_programme()
    client.cookies["language"] = "en"
    text = text_of(client.get("/programme/"))
    assert "Total 19 34 23 76 Share 25 % 45 % 30 % 100 %" in text
    assert "Final attestation (project defence) 0 4 2 6" in text
    assert "The declared volume of the programme is 80 academic hours." in text
    assert "acknowledge" not in text.lower()


def test_page_of_a_plan_that_makes_up_the_volume_has_no_such_note(client, administrator):
    edition = make_edition(state=EditionState.DRAFT)
    edition.modules.filter(no=1).update(lecture=5, practice=6, self_study=5)
    for verb in (publishing.discuss, publishing.agree, publishing.approve):
        verb(edition=edition, by=administrator)
    client.cookies["language"] = "en"
    text = text_of(client.get("/programme/"))
    assert "Total 20 36 24 80 Share 25 % 45 % 30 % 100 %" in text
    assert "The declared volume of the programme" not in text


def test_page_links_sources_safely_and_shows_those_without_an_address_as_text(client):
    edition = load_programme()
    page = client.get("/programme/").content.decode()
    linked = re.findall(r'<a href="(https?://[^"]+)" rel="noopener noreferrer external">', page)
    assert len(linked) == edition.sources.exclude(url="").count() == 28
    assert "AI Competency Framework for Teachers" in page


def test_page_draws_the_hours(client):
    load_programme()
    page = client.get("/programme/").content.decode()
    assert page.count('class="chart-part"') == 3 + 20  # three in the legend; the final attestation has no lecture
    assert "style=" not in page


def test_page_touches_no_session_even_for_somebody_signed_in(sign_in, administrator, count_queries):
    load_programme()
    client = sign_in(administrator)
    with count_queries() as seen:
        response = client.get("/programme/")
    assert [s for s in seen.statements if "session" in s or "accounts_user" in s] == []
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.cookies.items() == {}.items()


def test_page_costs_the_same_queries_at_1_and_3_rows(client, count_queries):
    counts = []
    for number in (1, 3):
        ProgrammeEdition.objects.filter(state=EditionState.DRAFT).delete()
        edition = make_edition(year=2030 + number, state=EditionState.DRAFT)
        for position in range(1, number + 1):
            Term.objects.create(edition=edition, position=position, term_kk=f"т{position}", definition_kk="а")
            edition.items.create(kind="skill", position=position, text_kk=f"с{position}")
            edition.sources.create(section="main", no=position, title=f"к{position}", url="https://adilet.zan.kz/")
        for verb in (publishing.discuss, publishing.agree):
            verb(edition=edition, by=None)
        publishing.approve(edition=edition, by=None, acknowledgement="76/80")
        cache.clear()
        with count_queries() as seen:
            assert f"т{number}" in client.get("/programme/").content.decode()
        counts.append(seen.count)
    assert counts == [QUERIES, QUERIES]


@pytest.mark.parametrize(
    ("wanted", "hidden"), [("", 0), ("тауекел картасы", 22), ("жоқ мұндай", 23), ("%00", 23), ("ә" * 5000, 23)]
)
def test_search_without_script_hides_what_does_not_match(client, wanted, hidden):
    load_programme()
    response = client.get("/programme/", {"q": wanted})
    page = response.content.decode()
    assert (response.status_code, len(re.findall(r'data-key="[^"]*" hidden', page))) == (200, hidden)
    assert f"<strong data-found>{23 - hidden}</strong> / 23" in page


def test_search_words_are_escaped(client):
    load_programme()
    page = client.get("/programme/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_page_shows_the_latest_edition_in_force(client, administrator):
    load_programme()
    newer = make_edition(year=2028)
    make_edition(year=2029, state=EditionState.AGREED)
    archived = make_edition(year=2030)
    publishing.archive(edition=archived, by=administrator)
    publishing.put_in_use(edition=newer, by=administrator)
    assert client.get("/programme/").context["edition"] == newer


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_without_an_edition_in_force_says_so(client, language):
    make_edition(state=EditionState.AGREED)
    client.cookies["language"] = language
    response = client.get("/programme/")
    assert response.status_code == 200
    assert next(t.name for t in response.templates) == "programs/programme_none.html"


def test_page_is_read_only(client):
    assert client.post("/programme/").status_code == 405
