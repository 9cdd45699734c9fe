"""The pages of requests about documents: the holder's form, the administrator's decision."""

import pytest

from certificates.answering import duplicate
from certificates.asking import ask_correction
from certificates.models import CorrectionRequest, Document
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
ASKED = {"cause": "lost", "words": "Көшу кезінде жоғалды", "basis": ""}


def test_holder_files_and_takes_back(client, holder, ready_document):
    client.force_login(holder)
    address = f"/my/documents/{ready_document.pk}/request/"
    assert address in client.get("/my/").text
    assert client.get(address).status_code == 200
    assert client.post(address, ASKED).url == "/my/"
    asked = CorrectionRequest.objects.get()
    page = client.get("/my/").text
    assert address not in page
    assert f"/my/document-requests/{asked.pk}/take-back/" in page
    client.post(f"/my/document-requests/{asked.pk}/take-back/")
    assert address in client.get("/my/").text


def test_form_says_what_is_missing(client, holder, ready_document):
    client.force_login(holder)
    page = client.post(f"/my/documents/{ready_document.pk}/request/", {"cause": "lost"})
    assert page.status_code == 422
    assert not CorrectionRequest.objects.exists()


def test_others_find_nothing(client, holder, ready_document):
    asked = ask_correction(document=ready_document, by=holder, **ASKED)
    client.force_login(factories.UserFactory(is_listener=True))
    assert client.get(f"/my/documents/{ready_document.pk}/request/").status_code == 404
    assert client.post(f"/my/documents/{ready_document.pk}/request/", ASKED).status_code == 404
    assert client.post(f"/my/document-requests/{asked.pk}/take-back/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_cabinet_asks_as_much_for_many_documents(client, holder, ready_document, number, django_assert_num_queries):
    if number == 3:
        ask_correction(document=ready_document, by=holder, **ASKED)
    client.force_login(holder)
    client.get("/my/")
    with django_assert_num_queries(26):
        client.get("/my/")


def test_administrator_records_and_carries_out(client, administrator, holder, ready_document, signatory):
    client.force_login(administrator)
    page = client.get(f"/admin/certificates/document/{ready_document.pk}/change/").text
    record = f"/admin/certificates/correctionrequest/about/{ready_document.pk}/"
    assert record in page
    decide = client.post(record, ASKED).url
    asked = CorrectionRequest.objects.get()
    assert str(asked.pk) in decide
    assert decide in client.get("/admin/").text
    assert ready_document.holder in client.get(decide).text
    done = client.post(f"/admin/certificates/correctionrequest/{asked.pk}/carry-out/", {"signatory": signatory.pk})
    made = Document.objects.get(replaces=ready_document)
    assert done.url == f"/admin/certificates/document/{made.pk}/change/"
    assert decide not in client.get("/admin/").text


def test_refusal_of_the_register_is_shown_on_the_page(client, administrator, holder, ready_document, signatory):
    asked = ask_correction(document=ready_document, by=holder, **ASKED | {"cause": "typo"})
    client.force_login(administrator)
    page = client.post(f"/admin/certificates/correctionrequest/{asked.pk}/carry-out/", {"signatory": signatory.pk})
    assert (page.status_code, 'class="errornote"' in page.text) == (422, True)
    page = client.post(f"/admin/certificates/correctionrequest/{asked.pk}/refuse/", {"answer": ""})
    assert page.status_code == 422
    client.post(f"/admin/certificates/correctionrequest/{asked.pk}/refuse/", {"answer": "Куәлік керек"})
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Куәлік керек")


def test_verification_page_of_a_duplicate_says_so(client, administrator, ready_document, signatory):
    new = duplicate(document=ready_document, reason="жоғалды", signatory=signatory, by=administrator)
    page = client.get(f"/v/{new.token}/").text
    assert ready_document.number in page
    assert client.get(f"/api/v1/verify/{new.token}").json()["duplicate_of"] == ready_document.number
    assert client.get(f"/api/v1/verify/{ready_document.token}").json()["duplicate_of"] is None
