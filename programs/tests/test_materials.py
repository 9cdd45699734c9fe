"""Course materials: kept with their files, replaced, removed, copied; uploads told by their content."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from core.contents import FileRefused
from core.errors import Refused
from core.spreadsheets import write_xlsx
from programs import publishing
from programs.materials import LARGEST_FILE, FileUnreadableError, keep_material, open_file, read_upload, remove_material
from programs.models import EditionState, Material, MaterialKind
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nspecimen\n%%EOF\n"
XLSX = write_xlsx([["a"]], header=["h"], title="t")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def admin(sign_in, administrator):  # type: ignore[no-untyped-def]
    return sign_in(administrator, language="en")


def new(edition, **fields):  # type: ignore[no-untyped-def]
    return Material(edition=edition, **{"kind": MaterialKind.CASE, "title_kk": "Кейс"} | fields)


def stored():
    try:
        return sorted(default_storage.listdir("materials")[1])
    except FileNotFoundError:
        return []


def test_file_is_kept_under_a_name_that_tells_nothing(edition, administrator):
    material = keep_material(material=new(edition), content=PDF, filename="Кейс 1.docx", by=administrator)
    material.refresh_from_db()
    assert (material.name, material.content_type, material.size) == ("Кейс 1.pdf", "application/pdf", len(PDF))
    assert (material.added_by, len(material.sha256), material.ending) == (administrator, 64, "PDF")
    assert stored() == [material.file.name.removeprefix("materials/")]
    assert "ейс" not in material.file.name
    with open_file(material) as file:
        assert file.read() == PDF


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.APPROVED, EditionState.IN_USE])
def test_materials_are_added_in_every_state_of_the_edition(state):
    edition = factories.make_edition(state=state)
    keep_material(material=new(edition, module=edition.modules.first(), url="https://example.kz/"), by=None)
    assert edition.materials.count() == 1


def test_file_replaced_takes_its_place(edition, django_capture_on_commit_callbacks):
    material = keep_material(material=new(edition), content=PDF, filename="a.pdf", by=None)
    with django_capture_on_commit_callbacks(execute=True):
        keep_material(material=material, content=XLSX, filename="b.pdf", by=None)
    assert (material.name, material.content_type) == ("b.xlsx", XLSX_TYPE)
    assert stored() == [material.file.name.removeprefix("materials/")]


def test_edited_title_keeps_the_file(edition, django_capture_on_commit_callbacks):
    material = keep_material(material=new(edition), content=PDF, filename="a.pdf", by=None)
    material.title_kk = "Басқа"
    with django_capture_on_commit_callbacks(execute=True):
        keep_material(material=material, by=None)
    assert len(stored()) == 1


def test_removed_material_takes_its_file_along(edition, django_capture_on_commit_callbacks):
    material = keep_material(material=new(edition), content=PDF, filename="a.pdf", by=None)
    with django_capture_on_commit_callbacks(execute=True):
        remove_material(material=material, by=None)
    assert (Material.objects.count(), stored()) == (0, [])


def test_new_edition_has_the_materials_and_shares_their_files(
    edition, administrator, django_capture_on_commit_callbacks
):
    module = edition.modules.get(no=2)
    keep_material(material=new(edition, module=module), content=PDF, filename="a.pdf", by=None)
    keep_material(material=new(edition, url="https://example.kz/"), by=None)
    draft = publishing.new_edition(edition=edition, year=2027, by=administrator)
    copies = list(draft.materials.order_by("pk"))
    assert [(m.module and m.module.no, m.module and m.module.edition, m.url) for m in copies] == [
        (2, draft, ""), (None, None, "https://example.kz/"),
    ]  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        remove_material(material=copies[0], by=None)
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("fields", "content", "sentence"),
    [
        ({}, None, "either a file or a web address"),
        ({"url": "https://example.kz/"}, PDF, "either a file or a web address"),
        ({}, b"MZ", "Only PDF"),
        ({}, b"%PDF-" + b" " * LARGEST_FILE + b"%%EOF", "larger than 20 MB"),
    ],
    ids=["neither", "both", "program", "large"],
)
def test_keep_refuses(edition, fields, content, sentence):
    with pytest.raises(Refused, match=sentence):
        keep_material(material=new(edition, **fields), content=content, filename="a.pdf", by=None)
    assert (Material.objects.count(), stored()) == (0, [])


def test_keep_refuses_a_module_of_another_edition(edition):
    other = factories.make_edition(year=2027)
    with pytest.raises(Refused, match="another edition"):
        keep_material(material=new(edition, module=other.modules.first(), url="https://example.kz/"), by=None)


def test_upload_is_measured_before_it_is_read():
    upload = SimpleUploadedFile("a.pdf", PDF)
    assert read_upload(upload) == PDF
    upload.size = LARGEST_FILE + 1
    with pytest.raises(FileRefused, match="20 MB"):
        read_upload(upload)


def test_database_refuses_neither_and_both(edition):
    for fields in ({}, {"url": "https://example.kz/", "file": "materials/x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            new(edition, **fields).save()


def test_lost_file_is_a_sentence(edition):
    material = keep_material(material=new(edition), content=PDF, filename="a.pdf", by=None)
    default_storage.delete(material.file.name)
    with pytest.raises(FileUnreadableError, match="cannot be read now"):
        open_file(material)


# --- The register ---------------------------------------------------------------------------------


def form(edition, **fields):  # type: ignore[no-untyped-def]
    values = {
        "edition": edition.pk, "module": "", "kind": "case", "title_kk": "Кейс", "title_ru": "Кейс", "title_en": "Case",
        "url": "", "position": "10", "published": "on",
    }  # fmt: skip
    return values | fields


def upload(content=PDF, name="a.pdf"):
    return SimpleUploadedFile(name, content)


def test_material_is_uploaded_to_an_edition_in_force(admin, edition, administrator):
    response = admin.post(reverse("admin:programs_material_add"), form(edition, upload=upload()))
    assert response.status_code == 302
    material = Material.objects.get()
    assert (material.title_en, material.name, material.added_by) == ("Case", "a.pdf", administrator)
    page = admin.get(reverse("admin:programs_material_change", args=[material.pk])).content.decode()
    assert reverse("material_download", args=[material.pk]) in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Give either a file or a web address."),
        ({"upload": upload(b"MZ\x90", "a.pdf")}, "Only PDF, office files"),
        ({"upload": upload(b"")}, "The submitted file is empty."),
        ({"url": "ftp://example.kz/a"}, "The address begins with https:// or http://."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"title_kk": "", "url": "https://example.kz/"}, "This field is required."),
        ({"position": "0", "url": "https://example.kz/"}, "greater than or equal to 1"),
        ({"kind": "film", "url": "https://example.kz/"}, "Select a valid choice."),
    ],
)
def test_material_with_a_mistake_is_refused_at_the_form(admin, edition, fields, sentence):
    response = admin.post(reverse("admin:programs_material_add"), form(edition, **fields))
    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    assert Material.objects.count() == 0


def test_material_of_a_foreign_module_is_refused_at_the_field(admin, edition):
    other = factories.make_edition(year=2027).modules.first()
    response = admin.post(
        reverse("admin:programs_material_add"), form(edition, module=other.pk, url="https://example.kz/")
    )
    assert (response.status_code, "another edition" in response.content.decode()) == (422, True)


def test_material_is_changed_and_deleted_in_the_register(admin, edition, django_capture_on_commit_callbacks):
    material = keep_material(material=new(edition), content=PDF, filename="a.pdf", by=None)
    change = reverse("admin:programs_material_change", args=[material.pk])
    assert admin.post(change, form(edition, title_kk="Жаңа", published="")).status_code == 302
    material.refresh_from_db()
    assert (material.title_kk, material.published, material.name) == ("Жаңа", False, "a.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("admin:programs_material_delete", args=[material.pk]), {"post": "yes"})
    assert (Material.objects.count(), stored()) == (0, [])


@pytest.mark.parametrize("many", [1, 3])
def test_register_asks_the_same_number_of_queries(admin, edition, many, count_queries):
    for no in range(many):
        keep_material(material=new(edition, module=edition.modules.all()[no], url="https://example.kz/"), by=None)
    with count_queries() as seen:
        assert admin.get(reverse("admin:programs_material_changelist")).status_code == 200
    assert seen.count <= 7
