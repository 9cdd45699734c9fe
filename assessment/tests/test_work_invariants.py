"""What was handed in and answered stays (I10), and what breaks is found."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from assessment.invariants import broken
from assessment.models import Assignment, Submission, SubmissionState, Version
from assessment.tests.working import make_answer, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]


@pytest.mark.parametrize(
    "change",
    [
        lambda v: Version.objects.filter(pk=v.pk).update(text="Басқа"),
        lambda v: Version.objects.filter(pk=v.pk).update(is_late=True),
        lambda v: v.files.update(name="x.pdf"),
        lambda v: v.files.update(sha256="0" * 64),
        lambda v: v.files.all().delete(),
        lambda v: v.feedback.update(words="Басқа"),
        lambda v: v.feedback.all().delete(),
        lambda v: Version.objects.filter(pk=v.pk)._raw_delete("default"),
        lambda v: Submission.objects.filter(pk=v.submission_id)._raw_delete("default"),
        lambda v: Assignment.objects.filter(pk=v.submission.assignment_id)._raw_delete("default"),
        lambda v: Assignment.objects.filter(pk=v.submission.assignment_id).update(title_kk="Басқа"),
    ],
)
def test_database_refuses_to_change_what_was_handed_in_and_answered(enrolment, trainer, change):
    version = make_version(enrolment)
    make_answer(version, by=trainer)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(version)


def test_invariants_find_a_lost_file_and_a_wrong_state(enrolment, trainer):
    version = make_version(enrolment)
    default_storage.delete(version.files.get().file.name)
    Submission.objects.filter(pk=version.submission_id).update(state=SubmissionState.ACCEPTED)
    assert list(broken()) == [
        f"submission {version.submission_id}: accepted, and its last answer says nothing",
        f"submitted file {version.files.get().pk}: it is not in the store",
    ]
