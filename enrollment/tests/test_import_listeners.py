"""`manage.py import_listeners`."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from enrollment.models import Listener
from enrollment.tests.lists import row, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("consent")]


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_listeners", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def good(tmp_path):  # type: ignore[no-untyped-def]
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(row(1), row(2)))
    return str(path)


def test_command_imports_and_says_how_many(open_cohort, administrator, good):
    out, err = run("open-1", good, "--by", administrator.email, "--consented-on", "2026-09-01")
    assert out == "Imported into OPEN-1: 2 new, 0 changed, 2 admitted.\n"
    assert err == ""
    assert set(Listener.objects.values_list("consented_on", flat=True)) == {date(2026, 9, 1)}
    assert Listener.objects.first().enrolments.get().audit_trail().get().by == administrator


def test_command_twice_imports_nothing_new(open_cohort, good):
    run("OPEN-1", good)
    assert run("OPEN-1", good)[0] == "Imported into OPEN-1: 0 new, 0 changed, 0 admitted.\n"


def test_command_prints_each_mistake_and_writes_nothing(open_cohort, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(row(1), row(2, iin="1", surname="")))
    err = StringIO()
    with pytest.raises(CommandError, match="Nothing was imported") as stop:
        call_command("import_listeners", "OPEN-1", str(path), stderr=err)
    assert stop.value.returncode == 1
    first, second = err.getvalue().splitlines()
    assert first.startswith("row 3, ЖСН: IIN:")
    assert second == "row 3, Тегі: The surname is missing."
    assert Listener.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["NONE", "x.xlsx"], "no cohort with the code NONE"),
        (["OPEN-1", "/nowhere/x.xlsx"], "cannot be read"),
        (["OPEN-1", "/"], "cannot be read"),
        (["OPEN-1", "x\x00"], "cannot be read"),
        (["OPEN-1", __file__], "headings|not a spreadsheet"),
        (["OPEN-1", "x.xlsx", "--by", "nobody@example.kz"], "no administrator"),
        (["OPEN-1", "x.xlsx", "--consented-on", "2999-01-01"], "future"),
    ],
)
def test_command_refuses_in_words(open_cohort, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
