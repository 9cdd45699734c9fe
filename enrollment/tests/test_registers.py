"""One way to store what an administrator edited."""

import pytest

from core.errors import Conflict, Refused
from enrollment.models import ConsentText, Employer, Listener
from enrollment.registers import current_consent, keep, keep_consent
from enrollment.tests.lists import bin_, iin
from tests import factories

pytestmark = pytest.mark.django_db


def test_keep_refuses_the_same_person_stored_in_between():
    factories.ListenerFactory(iin=iin(1))
    twin = Listener(surname="Әлімов", given_name="Айбек")
    twin.set_iin(iin(1))
    with pytest.raises(Conflict, match="just stored the same"):
        keep(twin)
    assert Listener.objects.count() == 1


def test_keep_refuses_the_same_employer_stored_in_between():
    factories.EmployerFactory(bin=bin_(1))
    with pytest.raises(Conflict):
        keep(Employer(name="Басқа мектеп", bin=bin_(1)))


def test_current_consent_is_the_newest(consent):
    newer = ConsentText.objects.create(version=consent.version + 1, text_kk="Келісім 2")
    assert current_consent() == newer


def test_current_consent_refuses_when_there_is_none():
    ConsentText.objects.all().delete()
    with pytest.raises(Refused, match="no consent text yet"):
        current_consent()


def test_keep_consent_refuses_a_used_version_also_when_it_was_read_before(consent):
    factories.ListenerFactory(consent=consent, consented_on="2026-09-01")
    consent.text_kk = "Басқа"
    with pytest.raises(Refused, match="cannot change"):
        keep_consent(consent)


def test_migrations_bring_a_first_version_in_three_languages(consent):
    assert all([consent.text_kk, consent.text_ru, consent.text_en])
    assert "ЖСН" in consent.text_kk or consent.text_kk == "Келісім"
