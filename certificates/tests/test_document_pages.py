"""The register of documents, and what can be decided about one."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin import site
from django.urls import reverse

from certificates.models import Document, DocumentState, Revocation
from certificates.tests.conftest import TODAY
from certificates.tests.revocations import revoke
from enrollment.models import Listener, Signatory
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
LIST = "/admin/certificates/document/"


@pytest.fixture
def client_in_english(sign_in, administrator):  # type: ignore[no-untyped-def]
    return sign_in(administrator, "en")


@pytest.fixture
def document(make_ready, outcome):  # type: ignore[no-untyped-def]
    return make_ready(outcome)


def page_of(document, name="change"):
    prefix = "certificates_document_" + name
    return reverse(f"admin:{prefix}", args=[document.pk])


def found(client, query):
    response = client.get(LIST, {"q": query})
    return [row.number for row in response.context["cl"].result_list]


def test_register_shows_number_holder_kind_state_and_dates(client_in_english, document):
    page = client_in_english.get(LIST).content.decode()
    for part in ("SK-2026-000001", "Әлімов Айбек", "certificate", "ready", "05.10.2026", "05.10.2029"):
        assert part in page
    assert reverse("document_download", args=[document.pk]) in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("алимов", ["SK-2026-000001"]),
        ("АЙБЕК ӘЛІМОВ", ["SK-2026-000001"]),
        ("бек", ["SK-2026-000002", "SK-2026-000001"]),
        ("sk-2026-000002", ["SK-2026-000002"]),
        ("SK-2026", ["SK-2026-000002", "SK-2026-000001"]),
        ("Жоқов", []),
        ("—", []),
        ("%", []),
        ("_", []),
        ("'", []),
        ("\x00", ["SK-2026-000002", "SK-2026-000001"]),
    ],
)
def test_search_folds_letters_and_knows_numbers(client_in_english, protocol_of, make_ready, query, numbers):
    for outcome in protocol_of("Әлімов", "Бекенов").outcomes.order_by("pk"):
        make_ready(outcome)
    assert found(client_in_english, query) == numbers


def test_failed_documents_are_found_by_a_filter(client_in_english, protocol_of, issue_to, settings):
    waiting, failed = (issue_to(outcome) for outcome in protocol_of("Әлімов", "Бекенов").outcomes.order_by("pk"))
    Document.objects.filter(pk=failed.pk).update(attempts=settings.RENDER_ATTEMPTS)
    for value, row in (("failed", failed), ("waiting", waiting)):
        assert list(client_in_english.get(LIST, {"making": value}).context["cl"].result_list) == [row]
    assert "failed, waits for a person" in client_in_english.get(LIST).content.decode()


@pytest.mark.parametrize(("day", "words"), [("2029-10-05", "ready"), ("2029-10-06", "ready, validity expired")])
def test_expired_document_says_so_in_the_register(document, day, words):
    with time_machine.travel(f"{day} 05:00", tick=False):
        assert site.get_model_admin(Document).standing(document) == words


@pytest.mark.parametrize("people", [1, 3, 50])
def test_register_costs_the_same_queries_for_any_number_of_documents(
    client_in_english, protocol_of, issue_to, count_queries, people
):
    for outcome in protocol_of(*(f"Әлімов{n}" for n in range(people))).outcomes.all():
        issue_to(outcome)
    with count_queries() as seen:
        assert client_in_english.get(LIST).status_code == 200
    assert seen.count == 7


def test_page_of_a_document_offers_what_its_state_allows(client_in_english, document, administrator):
    page = client_in_english.get(page_of(document)).content.decode()
    assert [page_of(document, name) in page for name in ("revoke", "reissue", "try_again")] == [True, True, False]
    assert document.verification_url in page
    assert "being made → ready · the system" in page
    revoke(document=document, reason="Аты қате", by=administrator)
    page = client_in_english.get(page_of(document)).content.decode()
    assert [page_of(document, name) in page for name in ("revoke", "reissue", "try_again")] == [False] * 3
    assert "ready → revoked · Әкімшіева Айша · Аты қате" in page


@pytest.fixture
def colleague(db):  # type: ignore[no-untyped-def]
    return factories.UserFactory(email="second@example.kz", full_name="Екіншіева Дина", is_administrator=True)


def decide(client, **fields) -> str:  # type: ignore[no-untyped-def]
    address = reverse("admin:certificates_revocation_decide", args=[Revocation.objects.latest("pk").pk])
    return client.post(address, fields, follow=True).content.decode()


def test_document_is_revoked_on_its_page_by_two_people(client_in_english, document, sign_in, colleague):
    assert "a second administrator has approved" in client_in_english.get(page_of(document, "revoke")).content.decode()
    response = client_in_english.post(page_of(document, "revoke"), {"reason": "Аты қате"}, follow=True)
    assert response.redirect_chain == [(page_of(document), 302)]
    page = response.content.decode()
    assert ("stays in force until" in page, "Take the proposal back" in page, "Approve:" in page) == (True, True, False)
    assert "not the one who proposed it" in decide(client_in_english, approve="1")
    assert Document.objects.get().state == DocumentState.READY
    second = sign_in(colleague, "en")
    assert "Revocation of SK-2026-000001 waits" in second.get(reverse("admin:index")).content.decode()
    page = second.get(page_of(document)).content.decode()
    assert ("Аты қате" in page, page.index('name="decline"') < page.index('name="approve"')) == (True, True)
    assert "It is revoked." in decide(second, approve="1")
    assert Document.objects.get().state == DocumentState.REVOKED


def test_proposal_is_declined_with_words_or_taken_back(client_in_english, document, sign_in, colleague, administrator):
    client_in_english.post(page_of(document, "revoke"), {"reason": "Аты қате"})
    second = sign_in(colleague, "en")
    assert "Say why it is not revoked." in decide(second, decline="1", answer=" ")
    page = decide(second, decline="1", answer="Аты дұрыс")
    assert ("stays in force" in page, "declined: Аты дұрыс" in page) == (True, True)
    first = sign_in(administrator, "en")
    first.post(page_of(document, "revoke"), {"reason": "тағы"})
    assert "taken back" in decide(first, withdraw="1")
    assert Document.objects.get().state == DocumentState.READY
    assert [one.state for one in Revocation.objects.order_by("pk")] == ["declined", "withdrawn"]


@pytest.mark.parametrize("name", ["revoke", "reissue"])
@pytest.mark.parametrize("reason", ["", "   ", "а" * 501, "\x00"])
def test_decision_without_a_proper_reason_is_asked_again(client_in_english, document, signatory, name, reason):
    response = client_in_english.post(page_of(document, name), {"reason": reason, "signatory": signatory.pk})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert Document.objects.get().state == DocumentState.READY


def test_decision_that_the_state_forbids_is_refused_in_words(client_in_english, document, administrator):
    revoke(document=document, reason="Аты қате", by=administrator)
    response = client_in_english.post(page_of(document, "revoke"), {"reason": "тағы"})
    assert response.status_code == 409
    assert "not possible in the present state" in response.content.decode()


def test_document_is_replaced_on_its_page(client_in_english, document, signatory):
    Listener.objects.filter(surname="Әлімов").update(surname="Әлімбек")
    entry = {"reason": "Тегі өзгерді", "signatory": signatory.pk}
    response = client_in_english.post(page_of(document, "reissue"), entry, follow=True)
    new = Document.objects.get(replaces=document)
    assert response.redirect_chain == [(page_of(new), 302)]
    assert "The new document is being made." in response.content.decode()
    assert (new.number, new.holder) == ("SK-2026-000002", "Әлімбек Айбек")
    assert "SK-2026-000002" in client_in_english.get(page_of(document)).content.decode()


def test_replacement_without_anybody_to_sign_is_asked_again(client_in_english, document, signatory):
    Signatory.objects.update(valid_to=TODAY - timedelta(days=1))
    response = client_in_english.post(page_of(document, "reissue"), {"reason": "қате", "signatory": signatory.pk})
    assert response.status_code == 422
    assert Document.objects.count() == 1


def test_failed_file_is_tried_again(client_in_english, issue_to, outcome, settings):
    document = issue_to(outcome)
    Document.objects.update(attempts=settings.RENDER_ATTEMPTS, last_error="ValueError (papers.py:9)")
    assert page_of(document, "try_again") in client_in_english.get(page_of(document)).content.decode()
    response = client_in_english.post(page_of(document, "try_again"), follow=True)
    assert "The worker tries again." in response.content.decode()
    assert list(Document.objects.to_render()) == [document]


def test_ready_document_is_not_tried_again(client_in_english, document):
    response = client_in_english.post(page_of(document, "try_again"), follow=True)
    assert "not possible in the present state" in response.content.decode()


def test_trying_again_is_asked_by_post(client_in_english, document):
    assert client_in_english.get(page_of(document, "try_again")).status_code == 405


def test_documents_are_not_added_edited_or_deleted_by_hand(client_in_english, document):
    assert client_in_english.get(f"{LIST}add/").status_code == 403
    assert client_in_english.get(page_of(document, "delete")).status_code == 403
    assert client_in_english.post(page_of(document), {"number": "SK-2026-000009"}).status_code == 403


@pytest.mark.parametrize("name", ["change", "revoke", "reissue", "try_again"])
def test_pages_of_a_document_are_for_administrators(sign_in, trainer, other_listener, document, name):
    for user in (trainer, other_listener.user):
        assert sign_in(user).get(page_of(document, name)).status_code == 403
        assert sign_in(user).post(page_of(document, name), {"reason": "қате"}).status_code == 403
    assert Document.objects.get().state == DocumentState.READY


@pytest.mark.parametrize("pk", ["999999", "9" * 30, "x", "_00", "٣"])
def test_unknown_document_is_a_page(client_in_english, pk):
    assert client_in_english.get(f"{LIST}{pk}/change/", follow=True).status_code in (200, 404)


# --- Signatories -----------------------------------------------------------------------------------


def signatory_entry(**changes):
    return {
        "full_name": "Ахметов Нұрлан", "position_kk": "Директордың орынбасары", "position_ru": "Заместитель директора",
        "position_en": "", "is_acting": "on", "basis": "№ 5 бұйрық", "valid_from": "2026-10-01",
        "valid_to": "2026-10-31",
    } | changes  # fmt: skip


def test_signatory_is_added(client_in_english):
    client_in_english.post(reverse("admin:enrollment_signatory_add"), signatory_entry())
    assert list(Signatory.objects.in_power_on(TODAY)) == [Signatory.objects.get()]


@pytest.mark.parametrize(
    "changes",
    [{"position_kk": ""}, {"position_ru": ""}, {"basis": ""}, {"valid_from": ""}, {"valid_to": "2026-09-30"}],
    ids=str,
)
def test_signatory_lacking_something_is_asked_again(client_in_english, changes):
    response = client_in_english.post(reverse("admin:enrollment_signatory_add"), signatory_entry(**changes))
    assert response.status_code == 422
    assert Signatory.objects.count() == 0


def test_signatory_who_has_signed_may_only_be_ended(client_in_english, signatory, document):
    address = reverse("admin:enrollment_signatory_change", args=[signatory.pk])
    assert 'name="full_name"' not in client_in_english.get(address).content.decode()
    client_in_english.post(address, signatory_entry())
    signatory.refresh_from_db()
    assert (signatory.full_name, str(signatory.valid_to)) == ("Сейітқали Бауыржан Мұратұлы", "2026-10-31")
    delete = reverse("admin:enrollment_signatory_delete", args=[signatory.pk])
    assert client_in_english.post(delete, {"post": "yes"}).status_code == 403
