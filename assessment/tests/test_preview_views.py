"""Previews of submitted files: who may see them, what is shown, and that nothing in a file becomes part of the page."""

import io

import pytest
from PIL import Image

from assessment.tests.alike import attach, hand_in, make_assignment
from core.tests import papers
from core.tests.documents import hostile, pdf_saying, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cohort, enrolment):  # type: ignore[no-untyped-def]
    return hand_in(enrolment, make_assignment(cohort))


def preview(client, file):  # type: ignore[no-untyped-def]
    response = client.get(f"/work/files/{file.pk}/preview/")
    assert response.status_code == 200
    return response.content.decode()


def test_word_file_is_shown_as_text_and_escaped(sign_in, trainer, version):
    shown = preview(sign_in(trainer, "en"), attach(version, word("<script>alert(1)</script>", "Бірінші абзац")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script" not in shown
    assert "<h2>Жоба</h2>" in shown
    assert "&lt;b&gt;Өрт&lt;/b&gt;" in shown
    assert "[a picture, shown in the file only]" in shown


def test_pdf_is_shown_as_pictures_of_its_pages_with_their_words(sign_in, trainer, version):
    file = attach(version, pdf_saying("The first page", "The second page"))
    shown = preview(sign_in(trainer, "en"), file)
    assert shown.count(f"/work/files/{file.pk}/preview/1/") == 1
    assert shown.count(f"/work/files/{file.pk}/preview/2/") == 1
    assert "The second page" in shown
    assert "Page 2 of 2" in shown


def test_long_pdf_shows_twenty_pages_and_says_so(sign_in, trainer, version):
    file = attach(version, papers.pdf(22))
    client = sign_in(trainer, "en")
    shown = preview(client, file)
    assert shown.count("<img") == 20
    assert "The file goes on; only its beginning is shown." in shown
    assert client.get(f"/work/files/{file.pk}/preview/20/").status_code == 200
    assert client.get(f"/work/files/{file.pk}/preview/21/").status_code == 404


def test_page_is_a_private_picture_that_is_drawn_once(sign_in, trainer, version):
    file = attach(version, papers.photo_with_place())
    client = sign_in(trainer)
    response = client.get(f"/work/files/{file.pk}/preview/1/")
    assert Image.open(io.BytesIO(response.content)).size == (40, 60)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
    again = client.get(f"/work/files/{file.pk}/preview/1/", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_preview_alone_may_be_framed_by_our_pages(sign_in, trainer, version):
    file = attach(version, b"text")
    client = sign_in(trainer)
    response = client.get(f"/work/files/{file.pk}/preview/")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    other = client.get("/trainer/")
    assert other["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["entities that grow", "macros", "cut off", "archive"])
def test_file_that_cannot_be_shown_has_a_sentence(sign_in, trainer, version, name):
    content, _trouble = hostile()[name]
    shown = preview(sign_in(trainer, "en"), attach(version, content))
    assert 'class="preview-note"' in shown
    assert "<img" not in shown


def test_file_that_the_store_has_lost_or_that_was_erased_has_a_sentence(sign_in, trainer, version):
    file = attach(version, b"text")
    file.file.storage.delete(file.file.name)
    client = sign_in(trainer, "en")
    assert "The file is not in the store." in preview(client, file)
    gone = type(file).objects.create(version=version, name="", content_type="text/plain", size=4, sha256="0" * 64)
    assert "The file is not in the store." in preview(client, gone)
    for one in (file, gone):
        assert client.get(f"/work/files/{one.pk}/preview/1/").status_code == 404


def test_own_listener_and_administrator_see_it_and_strangers_do_not(
    sign_in, version, listener, administrator, other_trainer, other_listener
):
    file = attach(version, papers.picture())
    for path in (f"/work/files/{file.pk}/preview/", f"/work/files/{file.pk}/preview/1/"):
        for user in (listener.user, administrator):
            assert sign_in(user).get(path).status_code == 200
        for user in (other_trainer, other_listener.user):
            assert sign_in(user).get(path).status_code == 404


@pytest.mark.parametrize("files", [1, 3])
def test_preview_takes_a_constant_number_of_queries(sign_in, trainer, version, count_queries, files):
    kept = [attach(version, b"text %d" % n) for n in range(files)]
    client = sign_in(trainer)
    with count_queries() as seen:
        preview(client, kept[-1])
    assert seen.count == 3
