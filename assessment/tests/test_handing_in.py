"""Handing in: versions in a row, late or in time, once for each form, refused with a sentence, nothing lost."""

import io
import zipfile
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from assessment import work_files
from assessment.handing_in import AlreadyHandedIn, hand_in
from assessment.invariants import broken
from assessment.models import Assignment, Submission, SubmissionState, SubmittedFile, Version
from assessment.setting_tasks import close_assignment, open_again
from assessment.tests.working import make_answer, make_assignment
from core.errors import Refused
from core.models import AuditEntry
from core.private_files import Upload
from core.tests import papers
from core.tests.papers import pdf
from enrollment.models import CohortState, EnrolmentState
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]
OLD = "This is an old office format or has a password. Please save it as .docx, .xlsx or .pptx."
ODT = "application/vnd.oasis.opendocument.text"
TAKES = "Work is handed in by those who take the course now."


def office(main: str = "word/document.xml", types: str = "<Types/>", **more: str) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {"[Content_Types].xml": types, main: "<x/>", **more}.items():
            file.writestr(name, text)
    return stored.getvalue()


@pytest.fixture
def assignment(cohort, trainer):  # type: ignore[no-untyped-def]
    return make_assignment(cohort, by=trainer)


@pytest.fixture
def give(assignment, enrolment):  # type: ignore[no-untyped-def]
    """`give("text", files=[…])`: the listener hands in on `assignment`."""

    def do(text="Менің жұмысым", files=(), key="", **fields):  # type: ignore[no-untyped-def]
        values = {"assignment": assignment, "enrolment": enrolment, "by": enrolment.listener.user} | fields
        return hand_in(text=text, files=files, request_key=key, **values)

    return do


def test_hand_in_keeps_text_and_file_as_the_first_version(give, enrolment, assignment):
    version = give(" Жауап\r\nекінші жол ", [Upload("../Жұмыс 900101300123.PDF", pdf())], "k1")
    submission, file = version.submission, version.files.get()
    assert (version.no, version.text, version.is_late) == (1, "Жауап\nекінші жол", False)
    assert (submission.state, submission.waiting_since) == (SubmissionState.HANDED_IN, timezone.now())
    assert (file.name, file.content_type, file.size) == ("Жұмыс ….pdf", "application/pdf", len(pdf()))
    assert file.file.name.startswith("work/")
    assert "Жұмыс" not in file.file.name
    with file.file.open("rb") as stored:
        assert stored.read() == pdf()
    assert list(submission.audit_trail().values_list("from_state", "to_state")) == [("", "handed_in")]
    assert list(broken()) == []


@pytest.mark.parametrize(
    ("name", "content", "ending"),
    [
        ("a.doc", office(), "docx"),
        ("b", office("xl/workbook.xml"), "xlsx"),
        ("c.pptx", office("ppt/presentation.xml"), "pptx"),
        ("d.png", papers.picture("PNG"), "png"),
        ("e.jpg", papers.picture(), "jpg"),
    ],
)
def test_hand_in_takes_office_files_and_pictures_by_their_content(give, name, content, ending):
    assert give("", [Upload(name, content)]).files.get().name.endswith(f".{ending}")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (papers.archive(), "This is an archive, not a document. Please upload the documents themselves."),
        (office(types="macroEnabled"), "The file holds macros. Please save it without them."),
        (office(**{"word/vbaProject.bin": "x"}), "The file holds macros. Please save it without them."),
        (office()[:60], "The file is damaged. Please save it anew."),
        (b"MZ" + bytes(50), "Only PDF, DOCX, XLSX, PPTX, JPEG and PNG files are taken, not this kind of file."),
        (papers.pdf_with_script(), "The PDF carries other files or a script inside. Please print it into a plain PDF."),
        (b"\xd0\xcf\x11\xe0" + bytes(600), OLD),
        (office("x", mimetype=ODT), "Please save the file as .docx, .xlsx or .pptx, or as a PDF."),
    ],
    ids=["archive", "macro type", "macro part", "cut", "program", "script", "old Word", "OpenDocument"],
)  # fmt: skip
def test_hand_in_with_another_kind_of_file_keeps_nothing(give, content, sentence):
    with pytest.raises(Refused) as refusal:
        give("Мәтін", [Upload("ok.pdf", pdf()), Upload("bad.docx", content)])
    assert refusal.value.sentence == f"“bad.docx”: {sentence}"
    assert (Submission.objects.count(), default_storage.exists("work")) == (0, False)


def test_hand_in_of_six_files_is_refused(give):
    with pytest.raises(Refused, match="At most 5 files go with one version"):
        give("", [Upload(f"{n}.pdf", pdf(n)) for n in range(1, 7)])


def test_hand_in_of_the_same_file_twice_keeps_one(give):
    assert give("", [Upload("a.pdf", pdf()), Upload("b.pdf", pdf())]).files.count() == 1


def test_hand_in_of_nothing_is_refused(give):
    with pytest.raises(Refused, match="there is nothing to hand in yet"):
        give(" \r\n ")
    assert Submission.objects.count() == 0


def test_hand_in_of_a_very_long_text_is_refused(give):
    with pytest.raises(Refused, match="longer than 50000 characters"):
        give("ә" * 50_001)


def test_earlier_versions_are_kept(give):
    give("Бірінші", [Upload("a.pdf", pdf())])
    second = give("Екінші")
    assert list(second.submission.versions.values_list("no", "text")) == [(1, "Бірінші"), (2, "Екінші")]
    assert SubmittedFile.objects.count() == 1


def test_same_form_twice_is_one_version(give):
    first = give("Жауап", [Upload("a.pdf", pdf())], "k1")
    again = give("Жауап", [Upload("a.pdf", pdf())], "k1")
    assert (first.pk, Version.objects.count(), SubmittedFile.objects.count()) == (again.pk, 1, 1)


def test_same_form_with_other_content_is_refused(give):
    give("Жауап", key="k1")
    with pytest.raises(AlreadyHandedIn, match="Version 1 has been handed in with this form already"):
        give("Басқа жауап", key="k1")
    assert Version.objects.count() == 1


def test_same_form_twice_is_one_version_even_after_the_assignment_is_closed(give, assignment, trainer):
    first = give("Жауап", key="k1")
    close_assignment(assignment=assignment, by=trainer)
    assert give("Жауап", key="k1").pk == first.pk


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (1, True)])
def test_version_is_late_once_the_due_moment_has_passed(give, assignment, seconds, late):
    with time_machine.travel(assignment.due_at + timedelta(seconds=seconds), tick=False):
        assert give().is_late is late


def test_late_stays_late_when_the_date_moves_afterwards(give, assignment):
    with time_machine.travel(assignment.due_at + timedelta(hours=1), tick=False):
        version = give()
    Assignment.objects.filter(pk=assignment.pk).update(due_at=assignment.due_at + timedelta(days=5))
    version.refresh_from_db()
    assert version.is_late is True


def test_nothing_is_taken_after_the_last_moment(give, assignment):
    Assignment.objects.filter(pk=assignment.pk).update(closes_at=assignment.due_at)
    with time_machine.travel(assignment.due_at, tick=False):
        assert give().no == 1
    with (
        time_machine.travel(assignment.due_at + timedelta(seconds=1), tick=False),
        pytest.raises(Refused, match="Work on this assignment was taken until"),
    ):
        give("Кеш")


def test_closed_assignment_takes_nothing_until_it_is_open_again(give, assignment, trainer):
    close_assignment(assignment=assignment, by=trainer)
    with pytest.raises(Refused, match="This assignment is closed"):
        give()
    open_again(assignment=assignment, by=trainer)
    assert give().no == 1


def test_draft_takes_nothing(give, cohort):
    with pytest.raises(Refused, match="not published yet"):
        give(assignment=make_assignment(cohort, state="draft", position=2))


def test_accepted_work_takes_nothing_until_it_is_returned(give, trainer):
    submission = make_answer(give(), by=trainer, verdict="accepted")
    with pytest.raises(Refused, match="This work is accepted"):
        give("Тағы")
    make_answer(submission.versions.get(), by=trainer, verdict="returned")
    assert give("Тағы").no == 2


def test_waiting_goes_on_since_the_first_unanswered_version(give, trainer):
    begun = timezone.now()
    give("1")
    with time_machine.travel(begun + timedelta(days=1), tick=False):
        second = give("2")
        assert second.submission.waiting_since == begun
        make_answer(second, by=trainer)
    with time_machine.travel(begun + timedelta(days=2), tick=False):
        submission = give("3").submission
        submission.refresh_from_db()
        assert (submission.state, submission.waiting_since) == (SubmissionState.HANDED_IN, timezone.now())
    trail = AuditEntry.objects.filter(model="assessment.Submission").order_by("pk").values_list("to_state", flat=True)
    assert list(trail) == ["handed_in", "returned", "handed_in"]


@pytest.mark.parametrize("state", [EnrolmentState.ADMITTED, EnrolmentState.NOT_PASSED, EnrolmentState.EXPELLED])
def test_who_does_not_take_the_course_now_is_refused(give, cohort, state):
    user = factories.UserFactory(is_listener=True)
    other = factories.make_enrolment(cohort=cohort, state=state, user=user)
    with pytest.raises(Refused) as refusal:
        give(enrolment=other, by=user)
    assert refusal.value.sentence == TAKES


def test_cohort_that_is_closed_takes_nothing(give, cohort):
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.CLOSED)
    with pytest.raises(Refused) as refusal:
        give()
    assert refusal.value.sentence == TAKES


def test_somebody_else_cannot_hand_in(give, trainer, administrator, other_listener):
    for person in (trainer, administrator, other_listener.user):
        with pytest.raises(Refused, match="handed in by the listener"):
            give(by=person)


def test_listener_of_another_cohort_is_refused(give, other_listener):
    with pytest.raises(Refused, match="an assignment of another cohort"):
        give(enrolment=other_listener.enrolments.get(), by=other_listener.user)


def test_file_that_cannot_be_stored_leaves_nothing(give, monkeypatch):
    def full(**fields):
        raise OSError("no space")

    give("1", [Upload("a.pdf", pdf())])
    before = default_storage.listdir("work")[1]
    monkeypatch.setattr(SubmittedFile.objects, "create", full)
    with pytest.raises(OSError, match="no space"), transaction.atomic():
        give("2", [Upload("b.pdf", pdf(2))])
    assert (Version.objects.count(), default_storage.listdir("work")[1]) == (1, before)


def test_stray_files_go_after_a_day_and_work_stays(give):
    file = give("", [Upload("a.pdf", pdf())]).files.get()
    default_storage.save("work/left-by-a-killed-process", io.BytesIO(b"x"))
    assert work_files.sweep_stray_files() == 0
    with time_machine.travel(timezone.now() + timedelta(days=4000), tick=False):
        assert (work_files.sweep_stray_files(), work_files.sweep_stray_files()) == (1, 0)
    assert default_storage.exists(file.file.name)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_make_two_versions(give):
    results = all_at_once([partial(give, f"Жауап {n}", [Upload("a.pdf", pdf(n))], f"k{n}") for n in (1, 2, 3)])
    assert sorted(version.no for version in results) == [1, 2, 3]
    assert Submission.objects.count() == 1
    assert AuditEntry.objects.filter(model="assessment.Submission").count() == 1
    assert list(broken()) == []


@pytest.mark.django_db(transaction=True)
def test_same_form_pressed_twice_at_once_is_one_version(give):
    results = all_at_once([partial(give, "Жауап", [Upload("a.pdf", pdf())], "k1")] * 3)
    assert len({version.pk for version in results}) == 1
    assert (Version.objects.count(), SubmittedFile.objects.count()) == (1, 1)
