"""The glossary's search, without script and with it."""

import pytest
from django.utils.translation import override

from core.kazakh import search_key
from programs import glossary
from programs.loading import load_programme
from programs.models import Term

TERMS = [
    Term(term_kk="Тәуекел картасы", term_ru="Карта рисков", term_en="Risk map", definition_kk="Тәуекелдер кестесі"),
    Term(
        term_kk="Әлеуметтік серіктестік",
        term_ru="Социальное партнёрство",
        term_en="Partnership",
        definition_kk="Өзара іс",
    ),
    Term(term_kk="Менеджмент", term_ru="Менеджмент", term_en="Management", definition_kk="Ұйымды басқару"),
]


def found(wanted: str) -> list[str]:
    with override("kk"):
        return [entry.term.term_kk.split()[0] for entry in glossary.entries(TERMS, wanted) if entry.found]


@pytest.mark.parametrize(
    ("wanted", "terms"),
    [
        ("", ["Әлеуметтік", "Менеджмент", "Тәуекел"]),
        ("тауекел", ["Тәуекел"]),
        ("ТӘУЕКЕЛ", ["Тәуекел"]),
        ("алеуметтик", ["Әлеуметтік"]),
        ("партнерство", ["Әлеуметтік"]),
        ("карта риск", ["Тәуекел"]),
        ("management", ["Менеджмент"]),
        ("уйымды", ["Менеджмент"]),
        ("картасы менеджмент", []),
        ("%", ["Әлеуметтік", "Менеджмент", "Тәуекел"]),
        ("\0", ["Әлеуметтік", "Менеджмент", "Тәуекел"]),
    ],
)
def test_search_folds_letters_and_wants_every_word(wanted, terms):
    assert found(wanted) == terms


def test_folding_is_that_of_the_search_key():
    folding = glossary.folding()
    assert {letter: folding[letter] for letter in "әғқңөұүһіёй"} == dict(zip("әғқңөұүһіёй", "агкноуухией", strict=True))
    assert "".join(folding[letter] for letter in "менеджмент") == search_key("менеджмент")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("ТАУЕКЕЛ КАРТАСЫ", ["Тәуекел картасы"]),
        ("академиялық-адалдық", ["Академиялық адалдық"]),
        ("Risk map", ["Тәуекел картасы"]),
        ("жоқ мұндай", []),
    ],
)
def test_search_in_a_browser_filters_as_one_types(typed, terms, transactional_db, browser_context_for):
    load_programme()
    page = browser_context_for().new_page()
    page.goto("/programme/")
    shown = page.locator(".glossary dt:visible")
    assert shown.count() == 23
    page.locator("#glossary-q").press_sequentially(typed)
    assert shown.all_inner_texts() == terms
    assert page.locator("[data-found]").inner_text() == str(len(terms))
    assert page.locator("[data-none]").is_visible() == (not terms)
    page.locator("#glossary-q").press("Enter")
    assert page.url.endswith("/programme/")
    page.locator("#glossary-q").fill("")
    assert shown.count() == 23


@pytest.mark.browser
@pytest.mark.parametrize(
    "typed", ["Тәуекел", "тауекел", "білім сапасы", "Ұйым", "éducation", "management", "қауіпсіз-еңбек", "«ішкі»"]
)
def test_search_in_a_browser_finds_what_the_server_finds(typed, transactional_db, browser_context_for, client):
    load_programme()
    page = browser_context_for(None, "kk").new_page()
    page.goto("/programme/")
    page.locator("#glossary-q").fill(typed)
    with override("kk"):
        server = [e.term.term for e in glossary.entries(Term.objects.all(), typed) if e.found]
    assert page.locator(".glossary dt:visible").all_inner_texts() == server
