"""What tests of enrolment start from: a cohort that takes people, a consent text."""

import pytest
from django.utils import translation

from enrollment.models import CohortState, ConsentText
from tests import factories


@pytest.fixture(autouse=True)
def _english():  # type: ignore[no-untyped-def]
    """Verbs speak the active language; here the msgids themselves."""
    with translation.override("en"):
        yield


@pytest.fixture
def consent(db):  # type: ignore[no-untyped-def]
    """The newest consent text; a test that empties the tables takes away the one that migrations bring."""
    text, _ = ConsentText.objects.get_or_create(
        version=1, defaults={"text_kk": "Келісім", "text_ru": "Согласие", "text_en": "Consent"}
    )
    return text


@pytest.fixture
def open_cohort(edition, trainer):  # type: ignore[no-untyped-def]
    """A cohort of three places that takes people."""
    return factories.make_cohort(edition=edition, trainers=[trainer], state=CohortState.OPEN, code="OPEN-1", capacity=3)


@pytest.fixture
def admin(sign_in, administrator):  # type: ignore[no-untyped-def]
    """An administrator's browser, in English."""
    return sign_in(administrator, language="en")
