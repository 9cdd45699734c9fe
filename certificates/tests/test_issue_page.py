"""The administrator's way from a closed protocol to documents: choice, specimen, confirmation, progress."""

import base64
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from certificates.issuing import issue_wished
from certificates.models import Document, IssueBatch, Wish
from certificates.rendering import render_reserved
from certificates.tests.conftest import TODAY
from core.models import Counter
from enrollment.confirming import confirm_name
from enrollment.correcting import Name, file_correction
from enrollment.models import Listener, Signatory
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def protocol(protocol_of):  # type: ignore[no-untyped-def]
    return protocol_of("Әлімов", "Бекенов", "-Ғабитов")


@pytest.fixture
def client_in_english(sign_in, administrator):  # type: ignore[no-untyped-def]
    return sign_in(administrator, "en")


def address(protocol):
    return reverse("admin:certificates_issue", args=[protocol.pk])


def entry(protocol, signer, /, **changes):
    """What the form sends for everybody of the protocol."""
    values = {
        "outcomes": [o.pk for o in protocol.outcomes.order_by("pk")],
        "signatory": signer.pk,
        "issued_on": TODAY.isoformat(),
        "language": "ru",
        "names_compared": "1",
    }
    return values | changes


def test_list_shows_everybody_with_total_kind_and_a_tick(client_in_english, protocol, signatory):
    page = client_in_english.get(address(protocol)).content.decode()
    assert page.count(" checked>") == 3
    assert page.count("Certificate") == 2
    assert page.count("Statement of attendance") == 1
    assert "<b>89</b> excellent" in page
    assert "The commission decided on 25.09.2026." in page
    assert f'<option value="{signatory.pk}" selected>' in page


def test_list_says_why_somebody_cannot_be_issued_to(client_in_english, protocol, signatory, issue_to):
    issue_to(protocol.outcomes.order_by("pk").first())
    page = client_in_english.get(address(protocol)).content.decode()
    assert "Has No SK-2026-000001 of 05.10.2026 already." in page
    assert (page.count(" disabled>"), page.count(" checked>")) == (1, 2)


def test_list_of_people_with_documents_offers_no_step(client_in_english, protocol, signatory, issue_to):
    for outcome in protocol.outcomes.all():
        issue_to(outcome)
    assert "There is nobody to issue to now." in client_in_english.get(address(protocol)).content.decode()


def test_without_a_signatory_the_way_to_add_one_is_shown(client_in_english, protocol):
    Signatory.objects.update(valid_to=protocol.held_on - timedelta(days=1))
    page = client_in_english.get(address(protocol)).content.decode()
    assert "Nobody on record has the power to sign." in page
    assert reverse("admin:enrollment_signatory_add") in page


def test_confirmation_shows_a_marked_specimen_and_takes_nothing(client_in_english, protocol, signatory):
    response = client_in_english.post(address(protocol), entry(protocol, signatory))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Certificates: 2. Statements of attendance: 1." in page
    assert "Signed by Сейітқали Бауыржан Мұратұлы, dated 05.10.2026." in page
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert [base64.b64decode(picture)[:8] for picture in pictures] == [b"\x89PNG\r\n\x1a\n"] * 2
    assert (Document.objects.count(), IssueBatch.objects.count(), Counter.objects.count()) == (0, 0, 0)


def test_specimen_of_a_statement_has_one_page(client_in_english, protocol, signatory):
    failed = protocol.outcomes.get(passed=False)
    page = client_in_english.post(address(protocol), entry(protocol, signatory, outcomes=[failed.pk])).content.decode()
    assert page.count("data:image/png;base64,") == 1


def test_confirmed_wish_leads_to_the_progress_page(client_in_english, protocol, signatory, administrator):
    response = client_in_english.post(address(protocol), entry(protocol, signatory, confirm="1"))
    batch = IssueBatch.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        reverse("admin:certificates_batch", args=[batch.pk]),
    )
    assert (batch.by, batch.issued_on, batch.language, batch.wishes.count()) == (administrator, TODAY, "ru", 3)


def test_second_click_leads_to_the_same_batch(client_in_english, protocol, signatory):
    values = entry(protocol, signatory, confirm="1")
    first, second = (client_in_english.post(address(protocol), values).headers["Location"] for _ in range(2))
    assert first == second
    issue_wished()
    assert client_in_english.post(address(protocol), values).headers["Location"] == first
    assert (IssueBatch.objects.count(), Wish.objects.count(), Document.objects.count()) == (1, 3, 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outcomes": []}, "Choose at least one person."),
        ({"outcomes": ["999999"]}, "is not one of the available choices"),
        ({"outcomes": ["x\x00"]}, "is not one of the available choices"),
        ({"signatory": "999999"}, "not one of the available choices"),
        ({"signatory": "x"}, "not one of the available choices"),
        ({"signatory": str(2**70)}, "not one of the available choices"),
        ({"issued_on": "31.02.2026"}, "Enter a valid date."),
        ({"issued_on": "2026-10-06"}, "The date of issue lies in the future."),
        ({"issued_on": "2026-09-24"}, "The date of issue lies before the protocol, 25.09.2026."),
        ({"language": "kk"}, "is not one of the available choices"),
        ({"language": "de"}, "is not one of the available choices"),
    ],
)
@pytest.mark.parametrize("step", [{}, {"confirm": "1"}])
def test_bad_input_is_a_sentence_and_nothing_is_stored(client_in_english, protocol, signatory, changes, sentence, step):
    response = client_in_english.post(address(protocol), entry(protocol, signatory, **changes, **step))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert IssueBatch.objects.count() == 0


def test_what_was_chosen_stays_after_a_refusal(client_in_english, protocol, signatory):
    first = protocol.outcomes.order_by("pk").first()
    values = entry(protocol, signatory, outcomes=[first.pk], issued_on="2026-10-06")
    page = client_in_english.post(address(protocol), values).content.decode()
    assert page.count(" checked>") == 1
    assert 'value="2026-10-06"' in page


def test_name_that_cannot_be_printed_is_told_at_the_specimen(client_in_english, protocol, signatory):
    Listener.objects.filter(surname="Әлімов").update(surname="Әлімов Ꚙ")
    response = client_in_english.post(address(protocol), entry(protocol, signatory))
    assert response.status_code == 422
    assert "lack these characters: U+A698" in response.content.decode()


def test_page_of_an_unknown_protocol_is_not_found(client_in_english):
    for pk in (999_999, 2**70):
        assert client_in_english.get(reverse("admin:certificates_issue", args=[pk])).status_code == 404


def test_pages_are_for_administrators(sign_in, trainer, other_listener, protocol, signatory):
    for user in (trainer, other_listener.user):
        assert sign_in(user).get(address(protocol)).status_code == 403
        assert sign_in(user).post(address(protocol), entry(protocol, signatory, confirm="1")).status_code == 403
    assert IssueBatch.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3, 50])
def test_list_costs_the_same_queries_for_any_number_of_people(
    sign_in, administrator, protocol_of, signatory, count_queries, people
):
    protocol = protocol_of(*(f"Әлімов{n}" for n in range(people)))
    client = sign_in(administrator)
    with count_queries() as seen:
        assert client.get(address(protocol)).status_code == 200
    assert seen.count == 14


# --- The progress page -----------------------------------------------------------------------------


@pytest.fixture
def batch(client_in_english, protocol, signatory):  # type: ignore[no-untyped-def]
    client_in_english.post(address(protocol), entry(protocol, signatory, confirm="1"))
    return IssueBatch.objects.get()


def progress(client, batch, **headers):
    return client.get(reverse("admin:certificates_batch", args=[batch.pk]), headers=headers)


def test_progress_follows_every_person_to_the_file(client_in_english, batch):
    page = progress(client_in_english, batch).content.decode()
    assert "Finished: 0 of 3." in page
    assert page.count("<td>\n              waiting") == page.count("waiting") == 3
    assert 'hx-trigger="every 1s"' in page
    assert "Refresh</a></p></noscript>" in page
    issue_wished()
    page = progress(client_in_english, batch).content.decode()
    assert page.count("being made") == 3
    assert "AN-2026-000001" in page
    assert render_reserved() == 3
    page = progress(client_in_english, batch).content.decode()
    assert "Finished: 3 of 3." in page
    assert "All documents are ready." in page
    assert "hx-trigger" not in page
    assert [page.count(reverse("document_download", args=[d.pk])) for d in Document.objects.all()] == [1, 1, 1]


def test_news_are_the_fragment_alone(client_in_english, batch):
    response = progress(client_in_english, batch, HX_Request="true")
    assert response.content.decode().strip().startswith('<div id="progress"')
    assert "no-store" in response.headers["Cache-Control"]


def test_refusal_and_failure_are_told_and_end_the_waiting(client_in_english, batch, administrator, settings):
    administrator.language = "en"
    administrator.save()
    Wish.objects.filter(outcome__passed=False).update(attempts=settings.RENDER_ATTEMPTS)
    issue_wished()
    render_reserved()
    page = progress(client_in_english, batch).content.decode()
    assert "Finished: 3 of 3." in page
    assert "Refused: 1." in page
    assert "The document could not be issued because of a fault." in page
    assert "hx-trigger" not in page


def test_document_given_up_is_told_and_does_not_keep_the_page_waiting(client_in_english, batch, settings):
    issue_wished()
    document = Document.objects.order_by("pk").first()
    Document.objects.filter(pk=document.pk).update(attempts=settings.RENDER_ATTEMPTS, last_error="ValueError")
    render_reserved()
    page = progress(client_in_english, batch).content.decode()
    assert "Failed: 1." in page
    assert "Failed: the file could not be made." in page
    assert "hx-trigger" not in page


def test_batch_in_the_register_leads_to_its_progress(client_in_english, batch):
    register = client_in_english.get(reverse("admin:certificates_issuebatch_changelist"))
    assert register.status_code == 200
    change = client_in_english.get(reverse("admin:certificates_issuebatch_change", args=[batch.pk]))
    assert change.headers["Location"] == reverse("admin:certificates_batch", args=[batch.pk])


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30, "x", "_3D"])
def test_unknown_batch_is_a_page(client_in_english, pk):
    response = client_in_english.get(f"/admin/certificates/issuebatch/{pk}/change/", follow=True)
    assert response.status_code in (200, 404)


@pytest.mark.parametrize("people", [1, 3, 50])
def test_progress_costs_the_same_queries_for_any_number_of_people(
    client_in_english, protocol_of, signatory, count_queries, people
):
    protocol = protocol_of(*(f"Әлімов{n}" for n in range(people)))
    client_in_english.post(address(protocol), entry(protocol, signatory, confirm="1"))
    issue_wished()
    with count_queries() as seen:
        progress(client_in_english, IssueBatch.objects.get())
    assert seen.count == 5


# --- Names --------------------------------------------------------------------------------------------


@pytest.fixture
def with_account(protocol, administrator):  # type: ignore[no-untyped-def]
    """Әлімов and Бекенов can sign in; Әлімов has confirmed the name."""
    people = {}
    for listener in Listener.objects.filter(surname__in=("Әлімов", "Бекенов")):
        listener.user = factories.UserFactory(is_listener=True)
        listener.save()
        people[listener.surname] = listener
    confirm_name(listener=people["Әлімов"], shown="Әлімов Айбек", by=people["Әлімов"].user)
    return people


def test_list_says_who_has_confirmed_the_name(client_in_english, protocol, signatory, with_account):
    page = client_in_english.get(address(protocol)).content.decode()
    assert page.count("✓ The listener has confirmed the name") == 1
    assert page.count("The listener has not confirmed the name yet") == 2


def test_who_asks_for_another_spelling_is_not_issued_to_before_that_is_decided(
    client_in_english, protocol, signatory, with_account
):
    asking = with_account["Бекенов"]
    file_correction(listener=asking, name=Name("Бекенев", "Айбек", ""), words="", by=asking.user)
    page = client_in_english.get(address(protocol)).content.decode()
    assert "asks for another spelling of the name: decide about that first" in page
    assert (page.count(" disabled>"), page.count(" checked>")) == (1, 2)
    sent = entry(protocol, signatory, confirm="yes")
    client_in_english.post(address(protocol), sent)
    refused = Wish.objects.get(outcome__attempt__enrolment__listener=asking)
    assert (refused.state, "another spelling" in refused.reason) == ("refused", True)


def test_names_that_are_not_confirmed_are_compared_by_the_administrator(
    client_in_english, protocol, signatory, with_account
):
    looked = client_in_english.post(address(protocol), entry(protocol, signatory)).content.decode()
    assert "have not confirmed: 2" in looked
    unticked = entry(protocol, signatory, confirm="yes")
    del unticked["names_compared"]
    response = client_in_english.post(address(protocol), unticked)
    assert (response.status_code, "tick the box" in response.content.decode()) == (422, True)
    assert IssueBatch.objects.count() == 0
    sent = entry(protocol, signatory, confirm="yes")
    assert client_in_english.post(address(protocol), sent).status_code == 302
    assert Wish.objects.filter(state="wished").count() == 3
