"""A document's snapshot: everything printed, from live rows, once."""

import json
from datetime import date

import pytest

from certificates.models import Kind
from certificates.tests.factories import FAILED_POINTS, make_outcome, snapshot_of
from enrollment.models import Listener
from programs.models import Band, Criterion, Module
from tests import factories

pytestmark = pytest.mark.django_db
PERSON = {"surname": "Өтегенова", "given_name": "Іңкәр", "patronymic": "Ғалымқызы"}


def test_snapshot_holds_all_that_is_printed(cohort, signatory, settings):
    settings.PUBLIC_HOST = "kurs.example.kz"
    snapshot = snapshot_of(make_outcome(cohort, **PERSON), signatory, verification_url="https://kurs.example.kz/v/t/")
    modules, criteria = snapshot.pop("modules"), snapshot.pop("criteria")
    assert snapshot == {
        "template": 1,
        "kind": "certificate",
        "languages": ["kk", "ru"],
        "number": "SK-2026-000001",
        "verification_url": "https://kurs.example.kz/v/t/",
        "host": "kurs.example.kz",
        "institute": settings.INSTITUTE_NAME,
        "city": settings.INSTITUTE_CITY,
        "holder": PERSON | {"full": "Өтегенова Іңкәр Ғалымқызы"},
        "topic": {
            "kk": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
            "ru": "Менеджмент в образовании: инновационные подходы в управлении",
            "en": "Management in education: innovative approaches to administration",
        },
        "hours": 80,
        "course": {"from": "2026-09-07", "to": "2026-09-25"},
        "study_format": {"kk": "күндізгі", "ru": "очная", "en": "full-time"},
        "cohort": "K-2026-1",
        "total": 89,
        "band": {
            "code": "excellent",
            "title": {"kk": "excellent деңгейі", "ru": "excellent деңгейі", "en": "excellent деңгейі"},
        },
        "passed": True,
        "signatory": {
            "full_name": "Сейітқали Бауыржан Мұратұлы",
            "position": {"kk": "Директор", "ru": "Директор", "en": "Director"},
            "is_acting": False,
            "basis": "Жарғы",
        },
        "issued_on": "2026-10-02",
        "valid_until": "2029-10-02",
    }
    assert [(m["no"], m["is_final"], m["lecture"], m["practice"], m["self_study"], m["hours"]) for m in modules] == [
        (no, no == 7, *hours, sum(hours)) for no, hours in enumerate(factories.HOURS, start=1)
    ]
    assert modules[0]["title"] == {"kk": "1-модуль", "ru": "Модуль 1", "en": "Module 1"}
    assert [(c["code"], c["points"], c["max"]) for c in criteria] == [
        ("theory", 18, 20), ("cases", 22, 25), ("analysis", 13, 15), ("project", 27, 30), ("reflection", 9, 10),
    ]  # fmt: skip
    assert criteria[0]["title"] == {"kk": "theory критерийі", "ru": "критерий theory", "en": "theory criterion"}


def test_snapshot_survives_json_unchanged(cohort, signatory):
    snapshot = snapshot_of(make_outcome(cohort), signatory)
    assert json.loads(json.dumps(snapshot)) == snapshot


def test_snapshot_of_a_statement_has_no_validity(cohort, signatory):
    outcome = make_outcome(cohort, points=FAILED_POINTS)
    snapshot = snapshot_of(outcome, signatory, kind=Kind.ATTENDANCE)
    assert (snapshot["kind"], snapshot["valid_until"], snapshot["passed"], snapshot["total"]) == (
        "attendance", None, False, 41,
    )  # fmt: skip


def test_snapshot_keeps_the_name_as_issued(cohort, signatory):
    outcome = make_outcome(cohort, **PERSON)
    snapshot = snapshot_of(outcome, signatory)
    Listener.objects.filter(surname="Өтегенова").update(surname="Ахметова")
    assert snapshot["holder"]["full"] == "Өтегенова Іңкәр Ғалымқызы"
    assert snapshot_of(outcome, signatory)["holder"]["full"] == "Ахметова Іңкәр Ғалымқызы"


def test_snapshot_second_language_is_russian_or_english(cohort, signatory):
    outcome = make_outcome(cohort)
    assert snapshot_of(outcome, signatory, second_language="en")["languages"] == ["kk", "en"]
    with pytest.raises(ValueError, match="second language"):
        snapshot_of(outcome, signatory, second_language="kk")


def test_snapshot_of_the_acting_head_with_basis(cohort):
    acting = factories.make_signatory(
        full_name="Төлегенова Жанар", is_acting=True, basis="№ 14-к бұйрық, 01.09.2026", valid_from=date(2026, 9, 1)
    )
    assert snapshot_of(make_outcome(cohort), acting)["signatory"] == {
        "full_name": "Төлегенова Жанар",
        "position": {"kk": "Директор", "ru": "Директор", "en": "Director"},
        "is_acting": True,
        "basis": "№ 14-к бұйрық, 01.09.2026",
    }


def test_snapshot_costs_three_queries_however_long_the_programme(edition, trainer, signatory, count_queries):
    small = make_outcome(factories.make_cohort(edition=edition, trainers=[trainer], state="assessing"))
    with count_queries() as seen:
        snapshot = snapshot_of(small, signatory)
    assert seen.count == 3
    tables = [Module, Criterion, Band]
    assert [sum(t._meta.db_table in sql for sql in seen.statements) for t in tables] == [1, 1, 1]
    assert (len(snapshot["modules"]), len(snapshot["criteria"])) == (7, 5)
