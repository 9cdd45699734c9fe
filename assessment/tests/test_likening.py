"""Prints of works, and which are found to be alike."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from assessment import likening, printing
from assessment.likening import likenesses_of
from assessment.models import Likeness, PrintBand, TextPrint
from assessment.passages import runs_in, words_of
from assessment.printing import keys_of, print_version, print_versions, signature_of, text_of
from assessment.tests.alike import hand_in, make_assignment, prose
from core.tests.documents import hostile, word
from course_admin.people.pseudonymising import pseudonymise
from tests import factories

pytestmark = pytest.mark.django_db
COPIED = prose(300, "copied")


@pytest.fixture
def task(cohort):  # type: ignore[no-untyped-def]
    return make_assignment(cohort)


@pytest.fixture
def person(cohort):  # type: ignore[no-untyped-def]
    """`person("Әлімов")`: another enrolment in the cohort."""

    def do(surname, cohort=cohort):  # type: ignore[no-untyped-def]
        return factories.make_enrolment(cohort=cohort, surname=surname, given_name="Айбек", patronymic="")

    return do


def found():  # type: ignore[no-untyped-def]
    return sorted(
        (one.earlier.version_id, one.later.version_id, one.share)
        for one in Likeness.objects.select_related("earlier", "later")
    )


def test_copy_is_found_and_which_is_earlier(task, enrolment, person):
    now = timezone.now()
    copy = hand_in(person("Әлімов"), task, COPIED, at=now)
    first = hand_in(enrolment, task, COPIED, at=now - timedelta(days=1))
    assert print_versions() == 2
    assert found() == [(first.pk, copy.pk, 100)]


def test_retyped_and_shuffled_paragraphs_are_found_in_files_too(task, enrolment, person):
    paragraphs = [prose(80, n) for n in range(5)]
    one = hand_in(enrolment, task, "\n".join(paragraphs))
    other = hand_in(person("Әлімов"), task, "", word(*(p.upper() for p in reversed(paragraphs))))
    print_versions()
    ((earlier, later, share),) = found()
    assert (earlier, later) == (one.pk, other.pk)
    assert share >= 90


def test_unrelated_works_on_one_task_are_not_alike(task, enrolment, person):
    hand_in(enrolment, task, prose(400, "one"))
    hand_in(person("Әлімов"), task, prose(400, "other"))
    print_versions()
    assert found() == []


@pytest.mark.parametrize(("per_cent", "expected"), [(25, 0), (40, 1)])
def test_share_decides(task, enrolment, person, per_cent, expected):
    copied = prose(3 * per_cent, "copied")
    hand_in(enrolment, task, copied + prose(300 - 3 * per_cent, "one"))
    hand_in(person("Әлімов"), task, copied + prose(300 - 3 * per_cent, "other"))
    print_versions()
    assert len(found()) == expected


def test_share_is_a_setting(task, enrolment, person, settings):
    settings.LIKENESS_SHARE = 20
    copied = prose(75, "copied")
    hand_in(enrolment, task, copied + prose(225, "one"))
    hand_in(person("Әлімов"), task, copied + prose(225, "other"))
    print_versions()
    assert [share for _one, _other, share in found()] == [23]  # 71 runs of 296


def test_own_earlier_version_and_own_other_task_are_not_alike(task, cohort, enrolment):
    hand_in(enrolment, task, COPIED)
    hand_in(enrolment, task, COPIED)
    hand_in(enrolment, make_assignment(cohort, position=20), COPIED)
    again = factories.make_cohort(edition=cohort.edition, code="K-2027-1")
    same = factories.make_enrolment(cohort=again, listener=enrolment.listener)
    hand_in(same, make_assignment(again), COPIED)
    assert print_versions() == 4
    assert found() == []


def test_copy_from_another_cohort_is_found_by_its_signature(task, enrolment, other_listener, other_cohort):
    first = hand_in(other_listener.enrolments.get(), make_assignment(other_cohort), prose(200, "x") + COPIED)
    copy = hand_in(enrolment, task, COPIED)
    print_versions()
    assert found() == [(first.pk, copy.pk, 100)]


def test_words_of_the_task_do_not_count(cohort, enrolment, person):
    given = prose(200, "given")
    task = make_assignment(cohort, instructions=given)
    hand_in(enrolment, task, given + prose(60, "one"))
    hand_in(person("Әлімов"), task, given + prose(60, "other"))
    print_versions()
    assert found() == []


def test_form_that_many_fill_in_does_not_count_once_it_shows(task, person):
    form = prose(150, "form")
    for n in range(5):
        hand_in(person(f"Әлімов{n}"), task, form + prose(100, n))
    print_versions()
    assert len(found()) == 10  # of five it cannot be told
    hand_in(person("Әлімов6"), task, form + prose(100, 6))
    print_versions()
    assert found() == []


def test_few_who_copy_from_each_other_in_a_full_cohort_are_found(task, person):
    for n in range(6):
        hand_in(person(f"Әлімов{n}"), task, COPIED)
    for n in range(8):
        hand_in(person(f"Берік{n}"), task, prose(100, n))
    print_versions()
    assert len(found()) == 15


def test_form_of_another_cohort_does_not_count(task, enrolment, other_cohort, person):
    form = prose(150, "form")
    theirs = make_assignment(other_cohort)
    for n in range(6):
        hand_in(person(f"Әлімов{n}", cohort=other_cohort), theirs, form + prose(100, n))
    hand_in(enrolment, task, form + prose(100, "mine"))
    print_versions()
    assert found() == []


def test_form_counts_across_cohorts_until_it_shows(task, enrolment, other_cohort, other_listener, person):
    form = prose(150, "form")
    hand_in(other_listener.enrolments.get(), make_assignment(other_cohort), form + prose(100, "theirs"))
    hand_in(enrolment, task, form + prose(100, "mine"))
    print_versions()
    assert len(found()) == 1  # of two it cannot be told
    for n in range(5):
        hand_in(person(f"Әлімов{n}"), task, form + prose(100, n))
    print_versions()
    assert found() == []


def test_sweep_twice_is_sweeping_once(task, enrolment, person):
    hand_in(enrolment, task, COPIED)
    hand_in(person("Әлімов"), task, COPIED)
    assert print_versions() == 2
    before = (list(TextPrint.objects.values()), list(Likeness.objects.values()), PrintBand.objects.count())
    assert print_versions() == 0
    assert before == (list(TextPrint.objects.values()), list(Likeness.objects.values()), PrintBand.objects.count())


def test_killed_between_printing_and_comparing_goes_on(task, enrolment, person):
    for version in (hand_in(enrolment, task, COPIED), hand_in(person("Әлімов"), task, COPIED)):
        print_version(version=version)
    assert found() == []
    assert print_versions() == 0
    assert len(found()) == 1
    assert not TextPrint.objects.filter(compared_at=None).exists()


def test_killed_half_way_leaves_nothing_behind(task, enrolment, monkeypatch):
    version = hand_in(enrolment, task, COPIED)

    def killed(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PrintBand.objects, "bulk_create", killed)
    with pytest.raises(KeyboardInterrupt):
        print_versions()
    monkeypatch.undo()
    assert TextPrint.objects.count() == 0
    assert print_versions() == 1
    assert PrintBand.objects.filter(print__version=version).count() == printing.PLACES


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_row_of_each(task, enrolment, person):
    hand_in(enrolment, task, COPIED)
    hand_in(person("Әлімов"), task, COPIED)
    barrier = threading.Barrier(3)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            barrier.wait()
            print_versions()
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    print_versions()
    assert TextPrint.objects.count() == 2
    assert PrintBand.objects.count() == 2 * printing.PLACES
    assert len(found()) == 1


def test_files_that_cannot_be_read_leave_a_word(task, enrolment):
    content, trouble = hostile()["entities that grow"]
    version = hand_in(enrolment, task, COPIED, content, word("Абзац"))
    print_versions()
    made = TextPrint.objects.get()
    assert made.trouble == trouble
    assert COPIED in made.text
    assert "Абзац" in made.text
    assert made.words == len(words_of(made.text))
    assert text_of(version) == (made.text, trouble)


def test_file_that_the_store_has_lost_is_noted(task, enrolment):
    version = hand_in(enrolment, task, "", word("Абзац"))
    file = version.files.get()
    file.file.storage.delete(file.file.name)
    print_versions()
    assert list(TextPrint.objects.values_list("trouble", "words")) == [("missing", 0)]


def test_erased_person_has_no_print_and_gets_none(task, enrolment, person, administrator, monkeypatch):
    version = hand_in(enrolment, task, COPIED)
    hand_in(person("Әлімов"), task, COPIED)
    print_versions()
    monkeypatch.setattr("course_admin.people.pseudonymising.objection", lambda *_args: "")
    pseudonymise(listener=enrolment.listener, typed=str(enrolment.listener_id), by=administrator)
    assert found() == []
    assert not TextPrint.objects.filter(version=version).exists()
    assert PrintBand.objects.count() == printing.PLACES
    assert print_version(version=version) is False
    assert print_versions() == 0


def test_erasure_takes_a_likeness_where_the_person_is_the_later_one(
    task, enrolment, person, administrator, monkeypatch
):
    hand_in(person("Әлімов"), task, COPIED)
    hand_in(enrolment, task, COPIED)
    print_versions()
    assert len(found()) == 1
    monkeypatch.setattr("course_admin.people.pseudonymising.objection", lambda *_args: "")
    pseudonymise(listener=enrolment.listener, typed=str(enrolment.listener_id), by=administrator)
    assert Likeness.objects.count() == 0
    assert TextPrint.objects.count() == 1


def test_signature_tells_how_much_is_shared():
    one, other = runs_in(prose(400, 1)), runs_in(prose(200, 1) + prose(200, 2))
    keys = [set(keys_of(signature_of(list(runs)))) for runs in (one, other)]
    jaccard = len(one & other) / len(one | other)
    assert abs(len(keys[0] & keys[1]) / printing.PLACES - jaccard) < 0.15
    assert signature_of([]) == b""
    assert keys_of(b"") == []


def test_hints_are_for_those_who_may_see_them(task, enrolment, person, trainer, other_trainer, administrator, listener):
    one = hand_in(enrolment, task, COPIED)
    two = hand_in(person("Әлімов"), task, COPIED)
    print_versions()
    (hint,) = likenesses_of(two.submission, trainer)
    assert (hint.likeness.share, hint.other_is_earlier) == (100, True)
    assert hint.other.enrolment == enrolment
    (hint,) = likenesses_of(one.submission, administrator)
    assert (hint.other_is_earlier, hint.other.enrolment) == (False, two.submission.enrolment)
    assert likenesses_of(one.submission, other_trainer) == []
    assert likenesses_of(one.submission, listener.user) == []


def test_hint_of_another_cohort_has_no_name(task, enrolment, other_listener, other_cohort, trainer):
    hand_in(other_listener.enrolments.get(), make_assignment(other_cohort), COPIED)
    mine = hand_in(enrolment, task, COPIED)
    print_versions()
    (hint,) = likenesses_of(mine.submission, trainer)
    assert (hint.other.enrolment, hint.other.is_open, hint.other.year) == (None, False, timezone.localdate().year)


def test_several_versions_make_one_hint_the_strongest(task, enrolment, person, trainer):
    other = person("Әлімов")
    hand_in(other, task, COPIED)
    hand_in(enrolment, task, COPIED + prose(200, "more"))
    mine = hand_in(enrolment, task, COPIED[: len(COPIED) // 2] + prose(200, "more"))
    print_versions()
    assert Likeness.objects.count() == 2
    assert [hint.likeness.share for hint in likenesses_of(mine.submission, trainer)] == [100]


@pytest.mark.parametrize("others", [1, 3])
def test_hints_take_three_queries(task, enrolment, person, trainer, count_queries, others):
    mine = hand_in(enrolment, task, COPIED)
    for n in range(others):
        hand_in(person(f"Әлімов{n}"), task, COPIED)
    print_versions()
    with count_queries() as seen:
        shown = [
            (hint.other.enrolment.listener.full_name, hint.other.enrolment.cohort.code, hint.other.year)
            for hint in likenesses_of(mine.submission, trainer)
        ]
    assert (len(shown), seen.count) == (others, 3)


@pytest.mark.parametrize("others", [1, 3])
def test_comparing_takes_a_constant_number_of_queries(task, enrolment, person, count_queries, others):
    for n in range(others):
        print_version(version=hand_in(person(f"Әлімов{n}"), task, COPIED))
    print_version(version=hand_in(enrolment, task, COPIED))
    with count_queries() as seen:
        likening.compare(TextPrint.objects.latest("pk").pk)
    assert seen.count == 13
