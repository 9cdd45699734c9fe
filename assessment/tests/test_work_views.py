"""A listener's pages of work: what is due and in which order, one assignment, and the files."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessment.models import Assignment, Version
from assessment.tests.working import make_answer, make_assignment, make_version
from assessment.work_list import WorkState, read_work
from core.tests.papers import archive, pdf
from enrollment.models import EnrolmentState
from programs.materials import keep_material
from programs.models import Material
from tests import factories

DURING = datetime.fromisoformat("2026-09-14T10:00:00+05:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_course():
    with time_machine.travel(DURING, tick=False):
        yield


def send(client, assignment, text="Жауабым", files=(), key="k1"):  # type: ignore[no-untyped-def]
    """The form as a browser sends it."""
    return client.post(
        reverse("my_work_show", args=[assignment.pk]),
        {
            "text": text,
            "request_key": key,
            "attached": [SimpleUploadedFile(name, content) for name, content in files],
        },
    )


def page(response) -> str:  # type: ignore[no-untyped-def]
    return response.content.decode()


# --- The listener ---------------------------------------------------------------------------------------


def test_states_and_order_of_work(cohort, enrolment, trainer):
    hour = timedelta(hours=1)
    missed = make_assignment(cohort, due_at=DURING - 2 * hour, state="closed")
    todo = make_assignment(cohort, due_at=DURING + 3 * hour)
    overdue = make_assignment(cohort, due_at=DURING - hour)
    make_assignment(cohort, due_at=DURING + hour, state="draft")
    returned, accepted, waits = (make_assignment(cohort, due_at=DURING + n * hour) for n in (1, 5, 4))
    make_answer(make_version(enrolment, assignment=returned), by=trainer)
    make_answer(make_version(enrolment, assignment=accepted), by=trainer, verdict="accepted")
    make_version(enrolment, assignment=waits)
    works = read_work([enrolment])
    assert [(work.assignment, work.state) for work in works] == [
        (overdue, WorkState.OVERDUE),
        (returned, WorkState.RETURNED),
        (todo, WorkState.TO_DO),
        (missed, WorkState.MISSED),
        (waits, WorkState.WAITS),
        (accepted, WorkState.ACCEPTED),
    ]
    assert [work.is_due for work in works] == [True, True, True, False, False, False]


def test_returned_work_of_a_closed_assignment_is_not_due(cohort, enrolment, trainer):
    assignment = make_assignment(cohort)
    make_answer(make_version(enrolment, assignment=assignment), by=trainer)
    Assignment.objects.filter(pk=assignment.pk).update(state="closed")
    (work,) = read_work([enrolment])
    assert (work.state, work.is_due, work.closed.startswith("This assignment is closed")) == ("returned", False, True)


def test_my_work_shows_what_is_due_and_the_trainers_words(sign_in, cohort, enrolment, trainer):
    assignment = make_assignment(cohort)
    make_answer(make_version(enrolment, assignment=assignment), by=trainer, words="Дерек қосыңыз")
    text = page(sign_in(enrolment.listener.user, "en").get(reverse("my_work")))
    assert ("Management case" in text, "returned to you" in text, "Дерек қосыңыз" in text) == (True, True, True)


def test_my_work_without_assignments_says_so(sign_in, listener):
    assert "There are no assignments yet" in page(sign_in(listener.user, "en").get(reverse("my_work")))


def test_my_course_tells_how_much_is_due(sign_in, cohort, listener):
    client, address = sign_in(listener.user, "en"), reverse("my_course")
    assert "To hand in:" not in page(client.get(address))
    make_assignment(cohort)
    make_assignment(cohort, state="closed")
    assert "To hand in: 1" in page(client.get(address))


@pytest.mark.parametrize("many", [1, 3])
def test_my_work_queries_do_not_grow(sign_in, cohort, enrolment, trainer, count_queries, many):
    for n in range(many):
        version = make_version(enrolment, assignment=make_assignment(cohort, position=n))
        make_answer(version, by=trainer)
        make_version(enrolment, assignment=version.submission.assignment)
    client = sign_in(enrolment.listener.user)
    with count_queries() as seen:
        assert client.get(reverse("my_work")).status_code == 200
    assert seen.count == 9
    with count_queries() as seen:
        assert client.get(reverse("my_work_show", args=[version.submission.assignment_id])).status_code == 200
    assert seen.count == 10


def test_handing_in_gives_a_receipt(sign_in, cohort, listener):
    assignment = make_assignment(cohort)
    client = sign_in(listener.user, "en")
    response = send(client, assignment, files=[("жұмыс.pdf", pdf())])
    assert (response.status_code, response.url) == (302, reverse("my_work_show", args=[assignment.pk]))
    text = page(client.get(response.url))
    assert ("Version 1 is handed in:" in text, "Files: 1." in text, "жұмыс.pdf" in text) == (True, True, True)
    assert Version.objects.get().text == "Жауабым"


def test_late_work_is_said_to_be_late(sign_in, cohort, listener):
    client = sign_in(listener.user, "en")
    response = send(client, make_assignment(cohort, due_at=DURING - timedelta(minutes=1)))
    text = page(client.get(response.url))
    assert ("after it was due" in text, "late" in text) == (True, True)


def test_same_form_sent_twice_is_one_version(sign_in, cohort, listener):
    assignment, client = make_assignment(cohort), sign_in(listener.user)
    assert [send(client, assignment).status_code for _time in range(2)] == [302, 302]
    assert Version.objects.count() == 1


def test_refused_form_keeps_the_text_and_gets_another_key(sign_in, cohort, listener):
    assignment, client = make_assignment(cohort), sign_in(listener.user, "en")
    for files, sentence in (
        ([("a.zip", archive())], "This is an archive, not a document."),
        ([(f"{n}.pdf", pdf(n)) for n in range(1, 7)], "At most 5 files go with one version."),
    ):
        response = send(client, assignment, text="Ұзақ <b>мәтін</b>", files=files)
        text = page(response)
        assert (response.status_code, sentence in text) == (422, True)
        assert "Ұзақ &lt;b&gt;мәтін&lt;/b&gt;</textarea>" in text
        assert 'value="k1"' not in text
    assert Version.objects.count() == 0


def test_text_sent_to_an_assignment_that_was_closed_meanwhile_is_not_lost(sign_in, cohort, listener):
    response = send(sign_in(listener.user, "en"), make_assignment(cohort, state="closed"), text="Ұзақ мәтін")
    assert (response.status_code, "Ұзақ мәтін</textarea>" in page(response)) == (422, True)
    assert "This assignment is closed" in page(response)


def test_empty_form_is_refused(sign_in, cohort, listener):
    response = send(sign_in(listener.user, "en"), make_assignment(cohort), text=" ")
    assert (response.status_code, "there is nothing to hand in yet" in page(response)) == (422, True)


def test_drafts_and_assignments_of_others_are_not_found(sign_in, cohort, other_cohort, listener):
    client = sign_in(listener.user)
    for assignment in (make_assignment(cohort, state="draft"), make_assignment(other_cohort)):
        address = reverse("my_work_show", args=[assignment.pk])
        assert (client.get(address).status_code, client.post(address, {"text": "x"}).status_code) == (404, 404)


def test_applicant_has_no_work(sign_in, cohort):
    user = factories.UserFactory(is_listener=True)
    factories.make_enrolment(cohort=cohort, user=user, state=EnrolmentState.APPLIED)
    address = reverse("my_work_show", args=[make_assignment(cohort).pk])
    assert sign_in(user).get(address).status_code == 404


def test_materials_of_an_assignment_are_linked_for_who_has_agreed(sign_in, cohort, listener):
    assignment = make_assignment(cohort)
    for title, published in (("Кейс мәтіні", True), ("Жасырын", False)):
        material = Material(edition=cohort.edition, kind="case", title_kk=title, published=published)
        assignment.materials.add(keep_material(material=material, content=pdf(), filename="a.pdf", by=None))
    address = reverse("my_work_show", args=[assignment.pk])
    text = page(sign_in(listener.user).get(address))
    assert ("Кейс мәтіні" in text, "Жасырын" in text) == (True, False)
    user = factories.UserFactory(is_listener=True)
    factories.make_enrolment(cohort=cohort, user=user, agreed=False)
    assert "Кейс мәтіні" not in page(sign_in(user).get(address))


# --- Files ----------------------------------------------------------------------------------------------


def test_file_is_an_attachment_of_its_own_type(sign_in, enrolment, trainer, administrator):
    file = make_version(enrolment).files.get()
    for person in (enrolment.listener.user, trainer, administrator):
        response = sign_in(person).get(reverse("submitted_file", args=[file.pk]))
        assert b"".join(response.streaming_content) == pdf()
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")


def test_file_of_others_is_not_found(sign_in, cohort, enrolment, other_listener, other_trainer):
    neighbour = factories.UserFactory(is_listener=True)
    factories.make_enrolment(cohort=cohort, user=neighbour)
    address = reverse("submitted_file", args=[make_version(enrolment).files.get().pk])
    for person in (neighbour, other_listener.user, other_trainer):
        assert sign_in(person).get(address).status_code == 404


def test_file_that_the_store_lost_is_said_to_be_unreadable(sign_in, enrolment):
    file = make_version(enrolment).files.get()
    default_storage.delete(file.file.name)
    response = sign_in(enrolment.listener.user, "en").get(reverse("submitted_file", args=[file.pk]))
    assert response.status_code == 503
