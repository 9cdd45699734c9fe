"""The programme file: the shipped one becomes the approved edition; a mistake is named and writes nothing."""

import json
from copy import deepcopy
from functools import cache
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import override

from core.models import AuditEntry
from programs import hours, invariants, publishing
from programs.checked import FileRefused
from programs.hours import Hours
from programs.loading import SHIPPED, EditionDiffers, load_programme
from programs.models import EditionItem, EditionState, Programme, ProgrammeEdition, Rubric, RubricState, Source

pytestmark = pytest.mark.django_db
TABLES = [
    "programs_programme",
    "programs_programmeedition",
    "programs_module",
    "programs_editionitem",
    "programs_term",
    "programs_source",
    "programs_rubric",
    "programs_criterion",
    "programs_band",
    "core_auditentry",
]


def everything() -> dict[str, list[tuple]]:
    """Every row of every table that a programme lives in."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')
            rows[table] = cursor.fetchall()
    return rows


@cache
def _shipped() -> dict:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


@pytest.fixture
def file(tmp_path):  # type: ignore[no-untyped-def]
    """`file(change)` is the path of the shipped file after `change(content)`."""

    def write(change):  # type: ignore[no-untyped-def]
        content = deepcopy(_shipped())
        change(content)
        path = tmp_path / "programme.yaml"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML, and quick to write
        return path

    return write


def test_shipped_edition_is_approved_with_its_acknowledgement():
    edition = load_programme()
    edition.refresh_from_db()
    assert (edition.year, edition.state, edition.volume_hours) == (2026, EditionState.APPROVED, 80)
    assert hours.totals(edition.modules.all()) == Hours(19, 34, 23)
    assert (edition.modules.count(), edition.terms.count(), edition.sources.count()) == (7, 23, 29)
    assert edition.acknowledgement_kk.startswith("Жоспар жолдарындағы сағаттардың жиыны")
    assert edition.acknowledgement_ru.startswith("Сумма часов по строкам плана составляет 76 из 80")
    assert edition.acknowledged_by == "«Оқу және Даму Институты» ЖШС"
    assert [(e.from_state, e.to_state, e.by) for e in edition.audit_trail()] == [
        ("agreed", "approved", None),
        ("discussion", "agreed", None),
        ("draft", "discussion", None),
        ("", "draft", None),
    ]
    assert list(invariants.broken()) == []


def test_shipped_edition_has_the_lists_of_the_programme():
    edition = load_programme()
    lines = edition.items.values_list("kind", flat=True)
    assert {kind: list(lines).count(kind) for kind in EditionItem.Kind.values} == {
        "cross_cutting": 5,
        "principle": 4,
        "knowledge": 6,
        "skill": 6,
        "project_kind": 3,
        "strand": 5,
        "method": 5,
    }
    rubric = edition.current_rubric()
    assert (rubric.version, rubric.state) == (1, RubricState.PUBLISHED)
    assert list(rubric.criteria.values_list("code", "max_points")) == [
        ("theory", 20),
        ("cases", 25),
        ("analysis", 15),
        ("project", 30),
        ("reflection", 10),
    ]
    assert list(rubric.bands.values_list("code", "from_total", "to_total", "passed")) == [
        ("excellent", 85, 100, True),
        ("good", 70, 84, True),
        ("satisfactory", 50, 69, True),
        ("failed", 0, 49, False),
    ]
    assert edition.sources.get(section=Source.Section.ADDITIONAL, no=8).url == ""


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_loading_twice_changes_nothing(language):
    first = load_programme()
    before = everything()
    with override(language):
        second = load_programme()
    assert second.pk == first.pk
    assert everything() == before


def test_rows_are_the_same_whatever_language_is_active():
    with override("ru"):
        edition = load_programme()
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, title_kk, title_ru FROM programs_programmeedition WHERE id = %s", [edition.pk])
        title, title_kk, title_ru = cursor.fetchone()
    assert (title == title_kk, title == title_ru) == (True, False)


def test_locked_edition_that_differs_is_refused(file):
    load_programme()
    before = everything()
    path = file(lambda content: content["modules"][0].update(lecture=5))
    with override("en"), pytest.raises(EditionDiffers) as refusal:
        load_programme(path)
    assert refusal.value.sentence == (
        "Edition 2026 is in the state “approved” and does not change any more, but the file differs from it in:"
        " modules. Changes need a new edition."
    )
    assert everything() == before


def test_edition_in_use_with_the_same_file_stays_as_it_is():
    publishing.put_in_use(edition=load_programme(), by=None)
    before = everything()
    assert load_programme().state == EditionState.IN_USE
    assert everything() == before


def test_edition_under_discussion_is_not_taken_over(administrator):
    draft = publishing.new_edition(edition=load_programme(), year=2027, by=administrator)
    publishing.discuss(edition=draft, by=administrator)
    before = everything()
    with pytest.raises(EditionDiffers):
        load_programme(_next_year_file())
    assert everything() == before


def _next_year_file():  # type: ignore[no-untyped-def]
    from django.conf import settings

    path = settings.MEDIA_ROOT / "next.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("year: 2026", "year: 2027"), encoding="utf-8")
    return path


def test_draft_edition_takes_over_the_file_and_is_approved(administrator):
    draft = publishing.new_edition(edition=load_programme(), year=2027, by=administrator)
    draft.modules.filter(no=1).update(lecture=9)
    draft.terms.first().delete()
    kept = list(draft.sources.values_list("pk", flat=True))
    loaded = load_programme(_next_year_file())
    assert (loaded.pk, loaded.state) == (draft.pk, EditionState.APPROVED)
    assert hours.totals(loaded.modules.all()) == Hours(19, 34, 23)
    assert loaded.terms.count() == 23
    assert list(loaded.sources.values_list("pk", flat=True)) == kept
    assert list(invariants.broken()) == []


def test_file_of_another_year_is_another_edition_of_the_same_programme(file):
    load_programme()
    load_programme(file(lambda content: content["edition"].update(year=2030)))
    assert list(ProgrammeEdition.objects.values_list("year", flat=True)) == [2030, 2026]
    assert Programme.objects.count() == 1


def set_in(*keys_and_value):  # type: ignore[no-untyped-def]
    *keys, last, value = keys_and_value

    def change(content):  # type: ignore[no-untyped-def]
        for key in keys:
            content = content[key]
        content[last] = value

    return change


def drop(*keys):  # type: ignore[no-untyped-def]
    *above, last = keys

    def change(content):  # type: ignore[no-untyped-def]
        for key in above:
            content = content[key]
        del content[last]

    return change


MISTAKES = [
    (drop("modules"), "The key “modules” is missing."),
    (drop("edition", "title", "ru"), "edition.title: The key “ru” is missing."),
    (drop("modules", 2, "lecture"), "modules[3]: The key “lecture” is missing."),
    (set_in("modules", 0, "tsk", "?"), "modules[1]: The key “tsk” is not known."),
    (set_in("modules", 0, "lecture", 4.5), "modules[1].lecture: A whole number from 0 to 1000 is expected."),
    (set_in("modules", 0, "lecture", "4"), "modules[1].lecture: A whole number from 0 to 1000 is expected."),
    (set_in("modules", 0, "lecture", -1), "modules[1].lecture: A whole number from 0 to 1000 is expected."),
    (set_in("modules", 0, "lecture", True), "modules[1].lecture: A whole number from 0 to 1000 is expected."),
    (
        set_in("modules", 0, "lecture", 9),
        "modules: The rows of the plan sum to 81 hours, more than the declared volume of 80.",
    ),
    (set_in("modules", 1, "no", 1), "modules[2]: This “no” stands in the list already."),
    (set_in("modules", 0, "final", True), "modules: Only one row can be the final attestation."),
    (set_in("modules", []), "modules: A list is expected here."),
    (set_in("modules", "six"), "modules: A list is expected here."),
    (set_in("modules", 0, "title", "kk", " "), "modules[1].title.kk: A text is expected here."),
    (set_in("modules", 0, "title", "kk", "х" * 251), "modules[1].title.kk: The text is longer than 250 characters."),
    (set_in("edition", "year", 1999), "edition.year: A whole number from 2000 to 2100 is expected."),
    (
        set_in("edition", "formats", ["evening"]),
        "edition.formats[1]: One of these is expected: full_time, distance, blended.",
    ),
    (
        set_in("edition", "acknowledgement", None),
        "edition.acknowledgement: The rows of the plan sum to 76 of the declared 80 hours, and nobody acknowledges it.",
    ),
    (set_in("edition", "acknowledgement", "kk", ""), "edition.acknowledgement.kk: A text is expected here."),
    (set_in("rubric", "criteria", 0, "max_points", 19), "rubric: The criteria sum to 99 points; they must sum to 100."),
    (set_in("rubric", "criteria", 1, "code", "theory"), "rubric.criteria[2]: This “code” stands in the list already."),
    (
        set_in("rubric", "criteria", 0, "code", "тео рия"),
        "rubric.criteria[1].code: Only Latin letters, digits and hyphens are expected.",
    ),
    (set_in("rubric", "bands", 1, "from_total", 71), "rubric: No grade band holds the total 70."),
    (set_in("rubric", "bands", 1, "to_total", 85), "rubric: The grade bands overlap at 85 points."),
    (set_in("rubric", "bands", 3, "passed", "no"), "rubric.bands[4].passed: “true” or “false” is expected."),
    (
        set_in("sources", 0, "url", "javascript:alert(1)"),
        "sources[1].url: An address that begins with http:// or https:// is expected.",
    ),
    (set_in("sources", 0, "section", "other"), "sources[1].section: One of these is expected: main, additional."),
    (set_in("items", "skill", 0, "just a text"), "items.skill[1]: Keys with values are expected here."),
    (set_in("terms", 0, "term", "kk", "a\0b"), "terms[1].term.kk: A text is expected here."),
]


@pytest.mark.parametrize(("change", "sentence"), MISTAKES, ids=lambda value: value if isinstance(value, str) else "")
def test_mistake_in_the_file_is_named_with_its_place_and_nothing_is_written(file, change, sentence):
    with override("en"), pytest.raises(FileRefused) as refusal:
        load_programme(file(change))
    assert refusal.value.sentence == sentence
    assert not any(everything().values())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a\n- b",
        b"a: [",
        b"\xff\xfe\x00",
        b"[" * 5_000,
        b"edition: 2026-99-99",
        b'x: "\\ud800"',
        b"? [a]\n: b",
        b"!!python/object:os.system {}",
    ],
    ids=["empty", "list", "broken", "not UTF-8", "nested", "no such date", "half a pair", "odd key", "python"],
)
def test_file_that_is_no_programme_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "programme.yaml"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refusal:
        load_programme(path)
    assert refusal.value.sentence
    assert Programme.objects.count() == 0


def test_half_of_a_pair_in_a_text_is_refused(tmp_path):
    path = tmp_path / "programme.yaml"
    path.write_text(
        SHIPPED.read_text(encoding="utf-8").replace("kk: Менеджмент\n", 'kk: "\\ud800"\n', 1), encoding="utf-8"
    )
    with override("en"), pytest.raises(FileRefused, match=r"terms\[1\].term.kk: A text is expected here."):
        load_programme(path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        load_programme(tmp_path / "nothing.yaml")


def test_command_says_what_is_loaded():
    out = StringIO()
    with override("en"):
        call_command("load_programme", stdout=out)
    assert out.getvalue() == (
        "Management in education: innovative management approaches (2026): approved, 76 of 80 hours in the plan\n"
    )


def test_command_with_a_bad_file_fails_with_the_sentence(file):
    with override("en"), pytest.raises(CommandError, match=r"modules: A list is expected here\.") as refusal:
        call_command("load_programme", str(file(set_in("modules", []))))
    assert refusal.value.returncode == 1
    assert (Programme.objects.count(), AuditEntry.objects.count(), Rubric.objects.count()) == (0, 0, 0)
