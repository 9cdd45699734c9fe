"""Corrections of names: filed once, decided once, told once; the old spelling stays."""

import pytest

from core.errors import MoveRefused, Refused
from core.kazakh import search_key
from core.models import AuditEntry, Message
from core.names import NameRefused
from enrollment import invariants
from enrollment.correcting import Name, file_correction, make_correction, refuse_correction
from enrollment.models import Listener, NameCorrection
from enrollment.spellings import earlier_spellings
from tests import factories

pytestmark = pytest.mark.django_db
WANTED = Name("Қасымова", "Әсел", "Серікқызы")
WANTED_FULL = "Қасымова Әсел Серікқызы"


@pytest.fixture
def written(cohort):  # type: ignore[no-untyped-def]
    """Somebody who signs in and whose given name is spelt wrongly."""
    user = factories.UserFactory(email="asel@example.kz", full_name="Касымова Асель", is_listener=True, language="ru")
    return factories.make_enrolment(
        cohort=cohort, user=user, surname="Касымова", given_name="Асель", patronymic="Серикқызы", email=user.email
    ).listener


@pytest.fixture
def filed(written):  # type: ignore[no-untyped-def]
    return file_correction(listener=written, name=WANTED, words="ә, қ", by=written.user)


def test_file_keeps_the_name_as_core_names_writes_it(written):
    filed = file_correction(
        listener=written, name=Name("  Қacымова ", "Әсел", " Серікқызы"), words=" ә ", by=written.user
    )
    assert (str(filed), filed.words, filed.state) == ("Қасымова Әсел Серікқызы", "ә", "filed")
    assert [e.to_state for e in filed.audit_trail()] == ["filed"]
    written.refresh_from_db()
    assert written.surname == "Касымова"


def test_file_again_with_the_same_content_is_the_same_request(written, filed):
    assert file_correction(listener=written, name=WANTED, words="ә, қ", by=written.user) == filed
    assert NameCorrection.objects.count() == 1


def test_file_again_with_other_content_is_refused(written, filed):
    with pytest.raises(Refused, match="already"):
        file_correction(listener=written, name=WANTED._replace(surname="Қасым"), words="", by=written.user)


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        (Name("Касымова", "Асель", "Серикқызы"), Refused, "already written"),
        (Name("", "Әсел", ""), Refused, "surname"),
        (Name("Қасымова<b>", "Әсел", ""), NameRefused, "letters"),
        (Name("я" * 91, "Әсел", ""), NameRefused, "longer"),
    ],
)
def test_file_refuses_in_words(written, name, error, sentence):
    with pytest.raises(error, match=sentence):
        file_correction(listener=written, name=name, words="", by=written.user)
    assert NameCorrection.objects.count() == 0


@pytest.mark.parametrize("gone", ["merged", "erased"])
def test_file_refuses_an_entry_that_is_not_used(written, other_listener, gone):
    bare = {"iin_sealed": "", "iin_tail": "", "email": "", "phone": "", "position": ""}
    fields = {"merged_into": other_listener} if gone == "merged" else bare | {"pseudonymised_at": "2026-01-01T00:00Z"}
    Listener.objects.filter(pk=written.pk).update(**fields)
    with pytest.raises(Refused, match="not used"):
        file_correction(listener=written, name=WANTED, words="", by=written.user)


def test_make_changes_register_and_account_and_keeps_the_old_spelling(written, filed, administrator):
    made = make_correction(correction=filed, by=administrator)
    written.refresh_from_db()
    written.user.refresh_from_db()
    assert (made.state, written.full_name, written.user.full_name) == ("made", WANTED_FULL, WANTED_FULL)
    assert written.former_names == ["Касымова Асель Серикқызы"]
    assert [s.name for s in earlier_spellings(written)] == ["Касымова Асель Серикқызы"]
    assert written.history.first().history_change_reason == f"NameCorrection {filed.pk}"
    assert AuditEntry.objects.filter(model="enrollment.NameCorrection", to_state="made", by=administrator).count() == 1
    assert list(invariants.broken()) == []


def test_make_tells_by_letter_once_in_the_listeners_language(written, filed, administrator):
    make_correction(correction=filed, by=administrator)
    make_correction(correction=filed, by=administrator)
    letter = Message.objects.get(kind="name-corrected")
    assert (letter.recipient, letter.thing) == ("asel@example.kz", f"name correction {filed.pk}")
    assert WANTED_FULL in letter.body
    assert "ТОО «Оқу және Даму Институты»" in letter.body


def test_make_without_an_address_writes_no_letter(written, administrator):
    Listener.objects.filter(pk=written.pk).update(user=None, email="")
    filed = file_correction(listener=written, name=WANTED, words="", by=administrator)
    assert make_correction(correction=filed, by=administrator).state == "made"
    assert Message.objects.count() == 0


def test_refuse_tells_the_answer_and_changes_nothing(written, filed, administrator):
    refused = refuse_correction(correction=filed, answer="  Куәлікте басқаша  ", by=administrator)
    written.refresh_from_db()
    assert (refused.state, refused.answer, written.surname) == ("refused", "Куәлікте басқаша", "Касымова")
    assert "Куәлікте басқаша" in Message.objects.get(kind="name-not-corrected").body
    assert written.former_names == []


def test_refuse_needs_an_answer(filed, administrator):
    with pytest.raises(Refused, match="why"):
        refuse_correction(correction=filed, answer=" ", by=administrator)
    filed.refresh_from_db()
    assert filed.state == "filed"


def test_decided_is_decided(filed, administrator):
    refuse_correction(correction=filed, answer="жоқ", by=administrator)
    with pytest.raises(MoveRefused):
        make_correction(correction=filed, by=administrator)
    assert refuse_correction(correction=filed, answer="жоқ", by=administrator).state == "refused"
    with pytest.raises(MoveRefused):
        refuse_correction(correction=filed, answer="басқа", by=administrator)


def test_listener_is_found_by_an_earlier_spelling(written, filed, administrator, sign_in):
    make_correction(correction=filed, by=administrator)
    page = sign_in(administrator, "en").get("/admin/enrollment/listener/?q=асель")
    assert WANTED_FULL in page.content.decode()


def test_import_knows_somebody_by_an_earlier_spelling(written, filed, administrator, open_cohort, consent):
    from enrollment.importing import plan_import
    from enrollment.tests.lists import row, workbook

    make_correction(correction=filed, by=administrator)
    name = {"surname": "Касымова", "given_name": "Асель", "patronymic": "Серикқызы"}
    cells = row(1, iin=written.iin, bin="", employer="", **name)
    plan = plan_import(open_cohort, workbook(cells), "list.xlsx")
    assert [(planned.fate, [c.sentence for c in planned.complaints]) for planned in plan.rows] == [("known", [])]


def test_administrators_own_correction_keeps_the_old_spelling_too(written):
    written.surname = "Қасым"
    written.save(update_fields=["surname"])
    written.refresh_from_db()
    assert (written.former_names, written.name_key) == (["Касымова Асель Серикқызы"], search_key(written.full_name))
    written.surname = "Касымова"
    written.save()
    assert written.former_names == ["Қасым Асель Серикқызы"]
