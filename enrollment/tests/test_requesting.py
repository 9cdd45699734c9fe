"""Requests: filed, supported, taken back, refused, carried out."""

import os
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import MoveRefused, Refused
from core.identifiers import invented_iin
from core.invariants import broken as broken_core
from core.models import Message
from core.private_files import STRAY, Upload
from core.states import move
from core.tests import papers
from enrollment.invariants import broken
from enrollment.models import (
    EnrolmentState,
    MovementRequest,
    OrderKind,
    RequestState,
    SupportingPaper,
    Way,
)
from enrollment.ordering import Listed, cancel_order
from enrollment.request_papers import FOLDER, sweep_stray_files
from enrollment.requesting import AlreadyAsked, add_papers, file_request, refuse_request, take_back
from enrollment.tests.movements import DAY, PAPER, another_cohort, ask, fail, order
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def _in_the_course():
    with time_machine.travel("2026-09-15T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def enrolment(listener):
    return listener.enrolments.get()


@pytest.fixture
def december(cohort):
    """A cohort that begins in December of the same year."""
    return another_cohort(cohort, "K-2026-9", date(2026, 12, 1))


def stored() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


# --- Filing ---------------------------------------------------------------------------------------------


def test_listener_files_a_transfer(enrolment, december):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december, papers=[PAPER])
    assert (asked.state, asked.reason, asked.cohort, asked.filed_by, asked.filed_on) == (
        RequestState.FILED, "illness", december, enrolment.listener.user, TODAY,
    )  # fmt: skip
    assert asked.audit_trail().get().by == enrolment.listener.user
    paper = asked.papers.get()
    assert (paper.name, paper.content_type, paper.size) == ("анықтама.pdf", "application/pdf", len(papers.pdf()))
    with paper.file.open("rb") as file:
        assert file.read() == papers.pdf()


def test_administrator_files_for_a_listener(enrolment, administrator):
    assert ask(enrolment, Way.WITHDRAWAL, by=administrator).filed_by == administrator


def test_others_do_not_file(enrolment, trainer, other_listener):
    for stranger in (trainer, other_listener.user):
        with pytest.raises(Refused, match="by the listener or by an administrator"):
            ask(enrolment, Way.WITHDRAWAL, by=stranger)
    assert MovementRequest.objects.count() == 0


def test_closed_way_says_why(enrolment):
    with pytest.raises(Refused, match=r"^Only who did not pass the final attestation retakes it\.$"):
        ask(enrolment, Way.RETAKE, by=enrolment.listener.user)


def test_same_request_again_is_that_request(enrolment):
    first = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    assert ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user) == first
    assert (MovementRequest.objects.count(), SupportingPaper.objects.count(), len(stored())) == (1, 1, 1)


def test_second_open_request_is_refused(enrolment):
    ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    with pytest.raises(AlreadyAsked, match="There is an open request already"):
        ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    assert stored() == []


def test_database_holds_one_open_request(enrolment, administrator):
    ask(enrolment, Way.WITHDRAWAL, by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        MovementRequest.objects.create(enrolment=enrolment, way=Way.RETAKE, filed_by=administrator)


@pytest.mark.parametrize(
    ("way", "fields", "sentence"),
    [
        (Way.TRANSFER, {"reason": ""}, "Choose a reason from the list."),
        (Way.TRANSFER, {"reason": "weather"}, "Choose a reason from the list."),
        (Way.TRANSFER, {"words": "  \n "}, "Explain the reason in a few words."),
        (Way.TRANSFER, {"words": "я" * 2001}, "longer than 2000 characters"),
        (Way.TRANSFER, {"until": TODAY + DAY}, "Only a deferral is asked for until a day."),
        (Way.DEFERRAL, {"until": None}, "Say until when"),
        (Way.DEFERRAL, {"until": TODAY}, "lasts beyond today and until 15.09.2027 at the latest"),
        (Way.DEFERRAL, {"until": date(2027, 9, 16)}, "lasts beyond today and until 15.09.2027 at the latest"),
        (Way.DEFERRAL, {"papers": []}, "Add a paper that supports the request"),
        ("holiday", {}, "This cannot be asked for."),
    ],
)
def test_what_does_not_fit_the_way_is_refused(enrolment, way, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        ask(enrolment, way, by=enrolment.listener.user, **fields)
    assert (MovementRequest.objects.count(), stored()) == (0, [])


@pytest.mark.parametrize("until", [TODAY + DAY, date(2027, 9, 15)])
def test_deferral_may_last_from_tomorrow_to_the_last_day(enrolment, until):
    assert ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user, until=until).until == until


def test_cohort_that_does_not_fit_is_refused(enrolment, edition, other_listener):
    user = enrolment.listener.user
    there = another_cohort(enrolment.cohort, "THERE", date(2026, 10, 5))
    factories.make_enrolment(cohort=there, listener=enrolment.listener, state=EnrolmentState.ADMITTED)
    elsewhere = factories.make_cohort(edition=factories.make_edition(year=2027), code="OTHER-EDITION")
    for cohort, sentence in (
        (enrolment.cohort, "is or was in the cohort K-2026-1 already"),
        (there, "is or was in the cohort THERE already"),
        (elsewhere, "follows another edition"),
        (other_listener.enrolments.get().cohort, "takes no people now"),
        (another_cohort(enrolment.cohort, "NEXT-YEAR", date(2027, 1, 4)), "begins after this calendar year"),
        (another_cohort(enrolment.cohort, "OVER", date(2026, 8, 1)), "takes no people now"),
    ):
        with pytest.raises(Refused, match=sentence):
            ask(enrolment, Way.TRANSFER, by=user, cohort=cohort)
    with pytest.raises(Refused, match="no other cohort is chosen"):
        ask(enrolment, Way.WITHDRAWAL, by=user, cohort=there)


# --- Papers ---------------------------------------------------------------------------------------------


def test_paper_is_kept_under_a_name_that_tells_nothing(enrolment):
    iin = invented_iin(77)
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user, papers=[Upload(f"ЖСН {iin}.pdf", papers.pdf())])
    paper = asked.papers.get()
    assert paper.name == "ЖСН ….pdf"
    assert (paper.file.name.startswith("papers/"), len(paper.file.name), "." in paper.file.name) == (True, 39, False)


def test_hostile_paper_leaves_neither_request_nor_file(enrolment):
    wrong = Upload("анықтама.pdf", b"MZ" + bytes(99))
    with pytest.raises(Refused, match=r"“анықтама\.pdf”: Only PDF, JPEG and PNG files are taken"):
        ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user, papers=[PAPER, wrong])
    assert (MovementRequest.objects.count(), SupportingPaper.objects.count(), stored()) == (0, 0, [])


def test_five_papers_go_with_a_request_and_no_sixth(enrolment):
    user = enrolment.listener.user
    several = [Upload(f"{n}.pdf", papers.pdf(n)) for n in range(1, 7)]
    asked = ask(enrolment, Way.DEFERRAL, by=user, papers=several[:2])
    add_papers(request=asked, uploads=several[2:5], by=user)
    with pytest.raises(Refused, match="At most 5 papers"):
        add_papers(request=asked, uploads=several[5:], by=user)
    assert (asked.papers.count(), len(stored())) == (5, 5)
    assert add_papers(request=asked, uploads=several[:1], by=user) == [asked.papers.first()]
    with pytest.raises(Refused, match="At most 5 papers"):
        add_papers(request=asked, uploads=several, by=user)
    assert len(stored()) == 5


def test_papers_are_added_by_listener_and_administrator_only(enrolment, administrator, trainer, other_listener):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user)
    assert len(add_papers(request=asked, uploads=[PAPER], by=administrator)) == 1
    for stranger in (trainer, other_listener.user):
        with pytest.raises(Refused):
            add_papers(request=asked, uploads=[PAPER], by=stranger)


def test_papers_are_seen_by_administrators_only(enrolment, administrator, trainer):
    ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    seen = [
        SupportingPaper.objects.visible_to(who).count() for who in (administrator, trainer, enrolment.listener.user)
    ]
    assert seen == [1, 0, 0]


def test_file_that_no_row_names_is_swept_after_a_day(enrolment):
    ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    (kept,) = stored()
    for name, at in ((kept, TODAY), ("stray", TODAY), ("fresh", TODAY + 2 * DAY)):
        if name != kept:
            default_storage.save(f"{FOLDER}/{name}", ContentFile(b"of an upload"))
        seconds = datetime.combine(at, time(12), UTC).timestamp()
        os.utime(default_storage.path(f"{FOLDER}/{name}"), (seconds, seconds))
    with time_machine.travel(timezone.now() + STRAY + DAY):
        assert (sweep_stray_files(), sweep_stray_files()) == (1, 0)
    assert sorted(stored()) == sorted([kept, "fresh"])


# --- Taking back ----------------------------------------------------------------------------------------


def test_take_back_erases_the_papers(enrolment, django_capture_on_commit_callbacks):
    user = enrolment.listener.user
    asked = ask(enrolment, Way.DEFERRAL, by=user)
    with django_capture_on_commit_callbacks(execute=True):
        assert take_back(request=asked, by=user).state == RequestState.TAKEN_BACK
    assert (SupportingPaper.objects.count(), stored()) == (0, [])
    assert take_back(request=asked, by=user).state == RequestState.TAKEN_BACK
    assert asked.audit_trail().count() == 2
    assert ask(enrolment, Way.WITHDRAWAL, by=user).state == RequestState.FILED


def test_take_back_is_for_who_filed_it(enrolment, administrator, other_listener):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    for other in (administrator, other_listener.user):
        with pytest.raises(Refused, match="taken back by who filed it"):
            take_back(request=asked, by=other)
    written_down = MovementRequest.objects.get()
    take_back(request=written_down, by=enrolment.listener.user)
    assert take_back(request=ask(enrolment, Way.WITHDRAWAL, by=administrator), by=administrator).state == "taken_back"


# --- Refusing -------------------------------------------------------------------------------------------


def test_refusal_is_told_once_with_its_answer(enrolment, administrator):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    for _again in range(2):
        refused = refuse_request(request=asked, answer=" Мерзімі өтті. ", by=administrator)
    assert (refused.state, refused.answer) == (RequestState.REFUSED, "Мерзімі өтті.")
    letter = Message.objects.get()
    assert (letter.kind, letter.recipient) == ("request-refused", enrolment.listener.user.email)
    assert "Мерзімі өтті." in letter.body
    assert asked.papers.count() == 1


def test_refusal_needs_an_answer_and_an_administrator(enrolment, administrator, trainer):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    with pytest.raises(Refused, match="Write an answer"):
        refuse_request(request=asked, answer=" \n", by=administrator)
    with pytest.raises(Refused, match="longer than 2000"):
        refuse_request(request=asked, answer="я" * 2001, by=administrator)
    for other in (trainer, enrolment.listener.user):
        with pytest.raises(Refused, match="decided by an administrator"):
            refuse_request(request=asked, answer="жоқ", by=other)
    assert (MovementRequest.objects.get().state, Message.objects.count()) == (RequestState.FILED, 0)


def test_decided_request_stays_decided(enrolment, administrator):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    refuse_request(request=asked, answer="жоқ", by=administrator)
    for verb in (
        lambda: refuse_request(request=asked, answer="басқа жауап", by=administrator),
        lambda: take_back(request=asked, by=enrolment.listener.user),
        lambda: add_papers(request=asked, uploads=[PAPER], by=administrator),
    ):
        with pytest.raises(Refused, match="decided already: refused"):
            verb()
    assert stored() == []


def test_listener_without_an_address_gets_no_letter(cohort, administrator):
    enrolment = factories.make_enrolment(cohort=cohort, email="")
    asked = ask(enrolment, Way.WITHDRAWAL, by=administrator)
    refuse_request(request=asked, answer="жоқ", by=administrator)
    assert Message.objects.count() == 0


# --- Orders ---------------------------------------------------------------------------------------------


def test_order_carries_a_request_out_and_tells_once(enrolment, administrator, signatory):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    order(OrderKind.WITHDRAWAL, Listed(enrolment, request=asked), by=administrator, number="7-қ")
    asked.refresh_from_db()
    assert asked.state == RequestState.ORDERED
    letter = Message.objects.get()
    assert (letter.kind, "№\N{NO-BREAK SPACE}7-қ, 15.09.2026" in letter.body) == ("request-ordered", True)
    with pytest.raises(Refused, match="decided already: carried out by an order"):
        take_back(request=asked, by=enrolment.listener.user)


def test_cancelled_order_opens_its_request_again(enrolment, administrator, signatory):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    signed = order(OrderKind.WITHDRAWAL, Listed(enrolment, request=asked), by=administrator)
    cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Өтініш", by=administrator)
    asked.refresh_from_db()
    assert (asked.state, Message.objects.count()) == (RequestState.FILED, 2)
    enrolment.refresh_from_db()
    order(OrderKind.WITHDRAWAL, Listed(enrolment, request=asked), by=administrator)
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "request-ordered", "request-ordered", "request-reopened",
    ]  # fmt: skip
    assert [*broken(), *broken_core()] == []


def test_order_whose_request_cannot_open_again_is_not_cancelled(enrolment, administrator, signatory):
    """Somebody has one open request at a time; this used to end in an error of the database."""
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    signed = order(OrderKind.DEFERRAL, Listed(enrolment, request=asked, until=asked.until), by=administrator)
    enrolment.refresh_from_db()
    ask(enrolment, Way.REINSTATEMENT, by=enrolment.listener.user)
    with pytest.raises(Refused, match="They have another open request; decide it first"):
        cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Қате", by=administrator)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.DEFERRED


def test_request_moves_only_as_listed(enrolment, administrator):
    asked = ask(enrolment, Way.WITHDRAWAL, by=administrator)
    take_back(request=asked, by=administrator)
    for state in RequestState:
        with pytest.raises(MoveRefused):
            move(asked, state, by=administrator)


def test_age_is_counted_in_days(enrolment):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert (asked.age, asked.waits_long) == (10, True)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert (asked.age, asked.waits_long) == (9, False)


def test_invariants_find_a_request_without_its_order(enrolment, administrator, signatory):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    default_storage.delete(asked.papers.get().file.name)
    MovementRequest.objects.filter(pk=asked.pk).update(state=RequestState.ORDERED)
    assert sorted(broken()) == [
        f"paper {asked.papers.get().pk}: its file is lost or not as it was stored",
        f"request {asked.pk}: carried out, but no order in force says so",
    ]


def test_transfer_after_the_year_is_refused(enrolment, administrator):
    with time_machine.travel("2026-12-31T18:59:00+00:00", tick=False):  # 23:59 in Almaty
        assert ask(enrolment, Way.TRANSFER, by=administrator).filed_on == date(2026, 12, 31)
        take_back(request=MovementRequest.objects.get(), by=administrator)
    with (
        time_machine.travel("2026-12-31T19:00:00+00:00", tick=False),
        pytest.raises(Refused, match="within the calendar year only"),
    ):
        ask(enrolment, Way.TRANSFER, by=administrator)


def test_who_did_not_pass_asks_for_the_next_cohort(enrolment, administrator, december):
    failed = fail(enrolment, by=administrator)
    asked = file_request(enrolment=failed, way=Way.NEXT_COHORT, cohort=december, by=enrolment.listener.user)
    assert (asked.reason, asked.words, asked.cohort) == ("", "", december)
