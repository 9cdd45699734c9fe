"""A list of listeners on its pages: upload, preview, import."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enrollment.models import Listener, ListenerImport
from enrollment.tests.lists import at, iin, row, text, workbook
from tests import factories

pytestmark = pytest.mark.django_db


def upload(admin, cohort, *rows, name="list.xlsx", content=None):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile(name, workbook(*rows) if content is None else content)
    return admin.post(at("import", cohort), {"file": file})


def test_list_is_looked_through_and_then_imported(admin, open_cohort, consent):
    response = upload(admin, open_cohort, row(1), row(2))
    kept = ListenerImport.objects.get()
    assert response.url == at("import_preview", open_cohort, kept.pk)
    page = admin.get(response.url)
    assert page.context["counts"]["new"] == 2
    assert iin(1) not in page.content.decode()
    assert Listener.objects.count() == 0
    done = admin.post(response.url, {"papers": "on", "papers_on": "2026-09-01"}, follow=True)
    assert "New listeners: 2, changed: 0, admitted to the cohort: 2." in text(done)
    assert open_cohort.enrolments.count() == 2
    assert set(Listener.objects.values_list("consent", "consented_on")) == {(consent.pk, date(2026, 9, 1))}
    again = admin.post(response.url, {"papers": "on", "papers_on": "2026-09-01"}, follow=True)
    assert "nothing new was done" in text(again)
    assert Listener.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"papers": ""}, "Confirm that the agreements and consents are on file."),
        ({"papers_on": ""}, "required"),
        ({"papers_on": "2999-01-01"}, "cannot be given in the future"),
    ],
)
def test_import_needs_the_papers(admin, open_cohort, consent, wrong, sentence):
    address = upload(admin, open_cohort, row(1)).url
    response = admin.post(address, {"papers": "on", "papers_on": "2026-09-01"} | wrong)
    assert response.status_code == 422
    assert sentence in text(response)
    assert Listener.objects.count() == 0


def test_preview_shows_every_mistake_with_row_and_column(admin, open_cohort, consent):
    address = upload(admin, open_cohort, row(1), row(2, iin="1", surname="")).url
    page = text(admin.get(address))
    assert "<b>Тегі:</b> The surname is missing." in page
    assert '<td class="number">3</td>' in page
    response = admin.post(address, {"papers": "on", "papers_on": "2026-09-01"})
    assert response.status_code == 422
    assert "Nothing was imported. Rows with mistakes: 1." in text(response)
    assert Listener.objects.count() == 0


def test_preview_of_a_long_list_shows_all_mistakes_and_some_of_the_rest(admin, open_cohort):
    rows = [row(serial) for serial in range(1, 221)]
    address = upload(admin, open_cohort, *rows, row(300, iin="1")).url
    response = admin.get(address)
    assert (len(response.context["good_rows"]), len(response.context["bad_rows"])) == (200, 1)
    assert "Rows that this page does not show: 20." in text(response)


def test_preview_can_be_discarded(admin, open_cohort):
    address = upload(admin, open_cohort, row(1)).url
    assert admin.post(address, {"discard": "1"}).url == at("import", open_cohort)
    assert ListenerImport.objects.count() == 0
    assert admin.get(address).status_code == 404


def test_preview_belongs_to_its_cohort(admin, open_cohort, edition):
    other = factories.make_cohort(edition=edition, code="OTHER")
    kept = upload(admin, open_cohort, row(1)).url.rstrip("/").rsplit("/", 1)[1]
    assert admin.get(at("import_preview", other, kept)).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 10,
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0",
        b"a,b\n1,2\n",
        b"<script>alert(1)</script>",
    ],
)
def test_hostile_file_is_refused_in_words(admin, open_cohort, content):
    response = upload(admin, open_cohort, content=content, name="list.xlsx")
    assert response.status_code == 422
    assert response.context["form"].errors
    assert ListenerImport.objects.count() == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 190 + ".xlsx", "a\nb.xlsx", "тізім «1».xlsx"])
def test_any_file_name_is_lived_with(admin, open_cohort, name):
    assert upload(admin, open_cohort, row(1), name=name).status_code == 302
    assert "/" not in ListenerImport.objects.get().filename


def test_upload_without_a_file_is_refused(admin, open_cohort):
    assert admin.post(at("import", open_cohort), {}).status_code == 422


@pytest.mark.parametrize(("language", "heading"), [("kk", "ЖСН"), ("ru", "ИИН"), ("en", "IIN")])
def test_template_file_has_the_readers_headings(sign_in, administrator, language, heading):
    from core.spreadsheets import read_rows

    response = sign_in(administrator, language=language).get(reverse("admin:enrollment_cohort_import_template"))
    assert read_rows(response.content, "x.xlsx").rows[0][0] == heading
