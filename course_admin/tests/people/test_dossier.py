"""Everything about one person in a ZIP, streamed."""

import io
import json
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from core.errors import Refused
from core.persons import exported
from course_admin.people import dossier
from course_admin.people.floors import floors
from course_admin.tests.people.conftest import DOCUMENT, EMAIL, FORMER, FULL, PAPER
from enrollment.models import DataExport, Listener
from tests import factories

pytestmark = pytest.mark.django_db


def unpacked(pieces) -> zipfile.ZipFile:  # type: ignore[no-untyped-def]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return archive


def taken(listener, by, ground="") -> zipfile.ZipFile:  # type: ignore[no-untyped-def]
    return unpacked(dossier.stream(dossier.record_export(listener=listener, by=by, ground=ground)))


@pytest.fixture
def own(life):  # type: ignore[no-untyped-def]
    return taken(life.listener, life.user)


def test_every_section_has_its_rows(own):
    data = json.loads(own.read("data.json"))
    assert list(data) == ["about", *(held.name for held in exported(floors()))]
    assert [name for name in list(data)[1:] if not data[name]["rows"]] == []


def test_own_export_has_the_iin_and_an_administrators_has_it_masked(life, own, administrator):
    theirs = taken(life.listener, administrator, "өтініш")
    for archive, iin in ((own, life.iin), (theirs, life.listener.iin_masked)):
        assert json.loads(archive.read("data.json"))["about"]["iin"] == iin
        assert iin in archive.read("data.html").decode()
    for iin in (life.iin, life.second_iin):
        assert [name for name in theirs.namelist() if iin.encode() in theirs.read(name)] == []


def test_rows_say_what_people_understand(own):
    data = json.loads(own.read("data.json"))
    enrolment = data["enrolments"]["rows"][0]
    assert (enrolment["cohort"], enrolment["state"], enrolment["cohort__starts_on"]) == (
        "K-2026-1", "completed", "2026-09-07",
    )  # fmt: skip
    assert data["name_corrections"]["rows"][0]["filed_by"] == "self"
    assert {row["by"] for row in data["trail"]["rows"]} == {None, "self", "institute"}
    assert data["listener_history"]["rows"][0]["surname"] == FORMER
    assert data["orders"]["rows"][0]["order__date"] == "2026-09-21"
    assert ["{name}" in (row["text"] or "") for row in data["agreements"]["rows"]] == [False, False, True]
    assert {row["to_state"] for row in data["trail"]["rows"]} >= {"filed", "made", "decided", "ready", "due"}


def test_page_to_read_speaks_the_readers_language(life):
    record = dossier.record_export(listener=life.listener, by=life.user)
    with translation.override("ru"):
        page = unpacked(dossier.stream(record)).read("data.html").decode()
    assert '<html lang="ru">' in page
    assert page.rstrip().endswith("</html>")
    assert FULL in page


def test_files_go_along(life, own):
    assert own.read(f"documents/{life.document.pk}-{life.document.number}.pdf") == DOCUMENT
    papers = [name for name in own.namelist() if name.startswith("supporting_papers/")]
    assert [own.read(name) for name in papers] == [PAPER]
    assert len([name for name in own.namelist() if name.startswith("letters/")]) == 2
    assert all(life.iin not in name and ".." not in name for name in own.namelist())


def test_file_that_the_store_has_lost_is_named(life):
    life.paper.file.storage.delete(life.paper.file.name)
    archive = taken(life.listener, life.user)
    assert archive.read("missing.txt").decode().startswith("supporting_papers/")


def test_texts_are_escaped_in_the_page(life):
    Listener.objects.filter(pk=life.listener.pk).update(position="<script>alert(1)</script>")
    page = taken(life.listener, life.user).read("data.html").decode()
    assert "<script>" not in page


def test_undecided_points_are_not_told(cohort, trainer):
    listener = factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True)).listener
    factories.make_scores(listener.enrolments.get(), [1, 2, 3, 4, 5], by=trainer)
    data = json.loads(taken(listener, listener.user).read("data.json"))
    assert (data["scores"]["rows"], data["score_history"]["rows"], len(data["attempts"]["rows"])) == ([], [], 1)


def test_export_is_written_down(life, administrator):
    before = life.listener.exports.count()
    dossier.record_export(listener=life.listener, by=administrator, ground="  Өтініш   № 5 ")
    made = DataExport.objects.first()
    assert (made.by, made.ground, made.with_iin, life.listener.exports.count()) == (
        administrator, "Өтініш № 5", False, before + 1,
    )  # fmt: skip


def test_administrator_says_on_what_ground(life, administrator):
    with pytest.raises(Refused, match="ground"):
        dossier.record_export(listener=life.listener, by=administrator, ground=" ")


def test_merged_entry_is_not_exported(life, administrator):
    with pytest.raises(Refused, match="not used"):
        dossier.record_export(listener=life.listener.merged.get(), by=administrator, ground="x")


def test_memory_does_not_grow_with_the_files(life):
    large = bytes(range(256)) * 4096 * 12  # 12 MB
    life.paper.file.save("papers/2.pdf", ContentFile(large))
    life.paper.save()
    record = dossier.record_export(listener=life.listener, by=life.user)
    list(dossier.stream(record))  # templates and translations are loaded
    tracemalloc.start()
    size = sum(len(piece) for piece in dossier.stream(record))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > len(large)
    assert peak < 4 * 1024 * 1024


def test_queries_do_not_grow_with_the_rows(life, count_queries, administrator):
    record = dossier.record_export(listener=life.listener, by=life.user)
    with count_queries() as before:
        list(dossier.stream(record))
    for number in range(5):
        dossier.record_export(listener=life.listener, by=administrator, ground=f"{number}")
    with count_queries() as after:
        list(dossier.stream(record))
    assert after.count == before.count


def test_listener_takes_own_data(sign_in, life):
    client = sign_in(life.user, "en")
    page = client.get(reverse("my_data"))
    assert (EMAIL in page.content.decode(), life.iin in page.content.decode()) == (True, False)
    assert client.get(reverse("my_data_export")).status_code == 405
    before = DataExport.objects.count()
    response = client.post(reverse("my_data_export"))
    archive = unpacked(response.streaming_content)
    assert json.loads(archive.read("data.json"))["about"]["iin"] == life.iin
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="listener-{life.listener.pk}-')
    assert DataExport.objects.count() == before + 1


@pytest.mark.usefixtures("_within_one_minute")
def test_own_export_is_limited(sign_in, life):
    client = sign_in(life.user, "en")
    statuses = [client.post(reverse("my_data_export")).status_code for _ in range(5)]
    assert 429 in statuses


def test_administrator_takes_it_away_with_a_ground(sign_in, administrator, life):
    client = sign_in(administrator, "en")
    address = reverse("admin:people_export", args=[life.listener.pk])
    assert client.post(address, {"ground": ""}).status_code == 422
    assert "өтініші" in client.get(address).content.decode()
    assert unpacked(client.post(address, {"ground": "Өтініш"}).streaming_content).namelist()[0] == "data.json"
