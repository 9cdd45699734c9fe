"""What README and docs say is so."""

import re
from datetime import date

import pytest
from django.conf import settings

from enrollment.importing import apply_import, plan_import
from enrollment.models import CohortState
from tests import factories

ROOT = settings.BASE_DIR
# Read by scripts, not by the settings.
OF_SCRIPTS = {"SOAK", "CHROMIUM", "PYTHON"}


def test_operations_page_names_every_setting():
    text = (ROOT / "course_admin" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', text)) | set(re.findall(r'kept_secret\("([A-Z_]+)"', text))
    page = (ROOT / "docs" / "operations.md").read_text()
    described = {
        name for row in re.findall(r"^\| (`.+?) \|", page, re.MULTILINE) for name in re.findall(r"`([A-Z0-9_]+)`", row)
    }
    assert read == described
    assert [name for name in OF_SCRIPTS if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/architecture.md"])
def test_commands_and_files_that_a_page_names_exist(page):
    text = (ROOT / page).read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z]+)`", text)) - targets == set()
    named = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(
        r"`((?:docs|scripts|course_admin|core|accounts)/[\w./-]+)`", text
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_example_list_of_the_walk_is_taken_in_without_a_word(edition, administrator):
    cohort = factories.make_cohort(edition=edition, state=CohortState.OPEN)
    content = (ROOT / "docs" / "example-listeners.csv").read_bytes()
    plan = plan_import(cohort, content, "example-listeners.csv")
    assert [(row.complaints, row.notices) for row in plan.rows] == [([], [])] * 5
    done = apply_import(cohort=cohort, plan=plan, by=administrator, consented_on=date(2026, 9, 1))
    assert (done.new, done.admitted) == (5, 5)
