"""A PDF held against the issued file in the browser: its bytes go nowhere, and the page is told in words."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from certificates.tests.conftest import FILE

pytestmark = [pytest.mark.django_db(transaction=True)]


def block(page):  # type: ignore[no-untyped-def]
    found = re.search(r'<section[^>]*id="file-check".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


# --- Without a browser -----------------------------------------------------------------------------


def test_page_carries_the_digest_and_hides_the_block_from_who_has_no_script(documents):
    page = Client().get(f"/v/{documents['valid'].token}/?lang=en").content.decode()
    assert f'data-sha256="{documents["valid"].sha256}" hidden' in block(page)
    assert 'data-sha256="" hidden' in block(Client().get("/verify/?lang=en").content.decode())


def test_document_without_a_file_offers_no_comparison(issue_to, outcome, tamper):
    document = issue_to(outcome)
    page = Client().get(f"/v/{document.token}/").content.decode()
    assert (block(page), "file_check.js" in page) == ("", False)
    tamper("DELETE FROM certificates_document")  # now only the journal knows it, and not its file
    page = Client().get(f"/v/{document.token}/?lang=en")
    assert (page.status_code, block(page.content.decode())) == (200, "")


@pytest.mark.parametrize("token", ["q" * 32, "x"])
def test_what_does_not_exist_offers_no_comparison(token):
    assert block(Client().get(f"/v/{token}/").content.decode()) == ""


# --- In a browser ----------------------------------------------------------------------------------


@pytest.fixture
def choose(documents, browser_context_for):  # type: ignore[no-untyped-def]
    """`choose("valid", content)` chooses a file on that document's page ("" is /verify/): the page, what it asked."""

    def do(status, content, *, name="paper.pdf", script="", language="en"):  # type: ignore[no-untyped-def]
        context = browser_context_for(None, language)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(f"/v/{documents[status].token}/" if status else "/verify/")
        asked: list[tuple[str, bytes | None]] = []
        page.on("request", lambda one: "/static/" in one.url or asked.append((one.url, one.post_data_buffer)))
        if content is not None:
            page.set_input_files("#file-check-file", {"name": name, "mimeType": "", "buffer": content})
        page.wait_for_selector("#file-check-answer[data-answer]:not([data-answer=working])")
        return page, asked

    return do


def said(page):  # type: ignore[no-untyped-def]
    return page.get_attribute("#file-check-answer", "data-answer")


@pytest.mark.browser
def test_issued_file_is_known_without_asking_anybody(choose):
    page, asked = choose("valid", FILE)
    assert (said(page), asked) == ("same", [])
    assert "Not a byte differs" in page.inner_text("#file-check-answer")


@pytest.mark.browser
def test_changed_file_differs_and_only_its_digest_is_asked_about(choose):
    page, asked = choose("valid", FILE + b" ")
    assert said(page) == "differs"
    assert "Not the issued file" in page.inner_text("#file-check-answer")
    assert [(re.sub("[0-9a-f]{64}$", "…", url.split("/", 3)[3]), body) for url, body in asked] == [
        ("api/v1/files/…", None)
    ]


@pytest.mark.browser
def test_issued_file_leads_to_its_document_from_the_look_up(choose, documents):
    page, asked = choose("", FILE)
    assert (said(page), len(asked)) == ("ours", 1)
    page.click("#file-check-answer a")
    page.wait_for_selector(".verdict-box")
    assert page.url.split("/v/")[1].rstrip("/") in {document.token for document in documents.values()}


@pytest.mark.browser
def test_issued_file_of_another_document_is_told_apart(choose, documents, tamper):
    tamper("UPDATE certificates_document SET sha256 = %s WHERE number = 'SK-2026-000001'", "0" * 64)
    page, _asked = choose("valid", FILE)
    assert said(page) == "other"
    assert page.get_attribute("#file-check-answer a", "href") != f"/v/{documents['valid'].token}/"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"%PDF-1.7 forged %%EOF", "unknown"),
        (b"", "empty"),
        (b"PNG", "not-pdf"),
        (b"%PD", "not-pdf"),
        (b"G" * 20971521, "huge"),
    ],
)
def test_other_files_are_answered_in_words(choose, content, answer):
    page, asked = choose("", content)
    assert said(page) == answer
    assert page.inner_text("#file-check-answer")
    assert len(asked) == (answer == "unknown")


@pytest.mark.browser
@pytest.mark.parametrize(("status", "answer"), [("", "away"), ("valid", "differs")])
def test_register_that_does_not_answer_accuses_nobody(choose, status, answer):
    script = "globalThis.fetch = async () => new Response('{}', { status: 503 });"
    page, _asked = choose(status, b"%PDF-1.7 forged %%EOF", script=script)
    assert said(page) == answer


@pytest.mark.browser
def test_connection_without_protection_is_told_where_to_go(choose, settings):
    script = "Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined });"
    page, _asked = choose("valid", None, script=script)
    assert (said(page), page.is_disabled("#file-check-file")) == ("no-crypto", True)
    assert f"https://{settings.PUBLIC_HOST}" in page.inner_text("#file-check-answer")


@pytest.mark.browser
@pytest.mark.parametrize("status", ["valid", ""])
def test_block_works_by_keyboard_is_announced_and_accessible(choose, status):
    page, _asked = choose(status, FILE)
    page.focus("#file-check-file")
    assert page.evaluate("document.activeElement.id") == "file-check-file"
    assert page.get_attribute("#file-check-answer", "aria-live") == "polite"
    assert page.get_attribute("#file-check-answer", "role") == "status"
    assert Axe().run(page).response["violations"] == []


@pytest.mark.browser
def test_without_script_the_block_is_not_there(documents, browser_context_for):
    page = browser_context_for(None, "en", java_script_enabled=False).new_page()
    page.goto(f"/v/{documents['valid'].token}/")
    assert page.is_hidden("#file-check")
