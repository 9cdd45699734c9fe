"""Appeals: in time, once, decided by the chair with quorum and a reason; every step in the trail."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from assessment import work_files
from assessment.appealing import appeal_until, decide_appeal, file_appeal, link_correction, take_back, why_not
from assessment.correcting import Corrected, close_correction, draft_correction
from assessment.models import Appeal, AppealPaper
from core.errors import MoveRefused, Refused
from core.models import AuditEntry, Message
from core.private_files import Upload
from core.tests.papers import pdf
from enrollment.models import Body, CommissionMember
from tests import factories
from tests.factories import close_protocol

pytestmark = [pytest.mark.django_db]
PAPER = Upload("дәлел.pdf", pdf())
FRIDAY = "2026-09-25 15:00+05:00"


@pytest.fixture
def outcome(listener, cohort, administrator, trainer):  # type: ignore[no-untyped-def]
    """Decided on Friday, 25 September 2026; the trainer chairs the commission."""
    with time_machine.travel(FRIDAY, tick=False):
        factories.make_commission(trainer)
        factories.make_scores(listener.enrolments.get(), [5, 10, 5, 12, 3], by=trainer)
        return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator).outcomes.get()


@pytest.fixture
def monday():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-28 10:00+05:00", tick=False):
        yield


@pytest.fixture
def appeal(outcome, listener, monday):  # type: ignore[no-untyped-def]
    return file_appeal(outcome=outcome, words="Жобаның балы төмен", papers=[PAPER], by=listener.user)


@pytest.fixture
def decide(appeal, trainer):  # type: ignore[no-untyped-def]
    """`decide()` upholds it in a session of three today."""

    def do(**changes):  # type: ignore[no-untyped-def]
        chair = CommissionMember.objects.get(user=trainer, body=Body.ATTESTATION)
        others = CommissionMember.objects.filter(body=Body.ATTESTATION).exclude(pk=chair.pk).order_by("pk")[:2]
        asked = {
            "appeal": appeal,
            "state": "upheld",
            "decision": "Енгізу жоспары ескерілмеген",
            "held_on": date(2026, 9, 28),
            "members": [chair, *others],
            "by": trainer,
        }
        return decide_appeal(**asked | changes)

    return do


def test_last_day_is_the_third_working_day_after_the_closing(outcome, settings):
    """Saturday and Sunday do not count: Monday, Tuesday, Wednesday."""
    assert appeal_until(outcome) == date(2026, 9, 30)
    settings.APPEAL_WORKDAYS = 1
    assert appeal_until(outcome) == date(2026, 9, 28)


@pytest.mark.parametrize(("now", "in_time"), [("2026-09-30 23:59+05:00", True), ("2026-10-01 00:00+05:00", False)])
def test_last_day_counts_to_its_end(outcome, listener, now, in_time):
    with time_machine.travel(now, tick=False):
        if in_time:
            assert file_appeal(outcome=outcome, words="Келіспеймін", papers=[], by=listener.user).state == "filed"
        else:
            with pytest.raises(Refused, match="was over on 30"):
                file_appeal(outcome=outcome, words="Келіспеймін", papers=[], by=listener.user)


def test_public_holiday_does_not_count(outcome):
    """26 October 2026 is the day off for Republic Day, which is a Sunday."""
    closed = outcome.protocol
    closed.closed_at = closed.closed_at.replace(month=10, day=23)  # a Friday
    assert appeal_until(outcome) == date(2026, 10, 29)


def test_filed_appeal_is_told_to_the_chair_and_keeps_its_paper(appeal, trainer):
    assert (appeal.papers.get().name, appeal.papers.get().content_type) == ("дәлел.pdf", "application/pdf")
    letter = Message.objects.get(kind="appeal-filed", recipient=trainer.email)
    assert "Жобаның балы" not in letter.body


def test_same_appeal_again_is_the_same_and_another_is_refused(appeal, outcome, listener):
    assert file_appeal(outcome=outcome, words="Жобаның балы төмен", papers=[PAPER], by=listener.user) == appeal
    with pytest.raises(Refused, match="filed already"):
        file_appeal(outcome=outcome, words="Тағы да", papers=[], by=listener.user)
    assert (Appeal.objects.count(), AppealPaper.objects.count()) == (1, 1)


def test_appeal_of_another_person_or_without_words_is_refused(outcome, other_listener, listener, administrator, monday):
    for stranger in (other_listener.user, administrator):
        with pytest.raises(Refused, match="filed by the listener"):
            file_appeal(outcome=outcome, words="Келіспеймін", papers=[], by=stranger)
    with pytest.raises(Refused, match="in your own words"):
        file_appeal(outcome=outcome, words="  ", papers=[], by=listener.user)
    with pytest.raises(Refused, match="none of them"):
        file_appeal(outcome=outcome, words="Келіспеймін", papers=[Upload("a.exe", b"MZ")], by=listener.user)
    assert Appeal.objects.count() == 0


def test_appeal_is_taken_back_and_is_then_not_decided(appeal, listener, decide):
    assert take_back(appeal=appeal, by=listener.user).state == "taken_back"
    with pytest.raises(MoveRefused):
        decide()


def test_decision_has_a_reason_and_is_told_once(appeal, decide, listener):
    decided = decide()
    assert (decided.state, decided.members.count(), decided.decision) == ("upheld", 3, "Енгізу жоспары ескерілмеген")
    with pytest.raises(MoveRefused):
        decide(state="rejected")
    assert Message.objects.filter(kind="appeal-decided").count() == 1
    trail = AuditEntry.objects.filter(model="assessment.Appeal", object_id=appeal.pk).order_by("id")
    assert [(entry.to_state, entry.by) for entry in trail] == [("filed", listener.user), ("upheld", decided.decided_by)]
    for change in ({"decision": "басқа"}, {"words": "басқа"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.update(**change)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision": " "}, "with its reason"),
        ({"state": "filed"}, "upheld or rejected"),
        ({"held_on": date(2026, 9, 27)}, "between the filing"),
        ({"held_on": date(2026, 9, 29)}, "between the filing"),
        ({"members": []}, "At least 3 members"),
    ],
)
def test_decision_that_cannot_be_is_refused(decide, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        decide(**changes)
    assert Appeal.objects.get().state == "filed"


def test_decision_by_anybody_but_the_chair_is_refused(decide, administrator, other_trainer):
    for person in (administrator, other_trainer):
        with pytest.raises(Refused, match="by the chair"):
            decide(by=person)


def test_upheld_appeal_is_carried_out_by_a_correction(appeal, decide, cohort, administrator, trainer, outcome):
    decide()
    members = list(CommissionMember.objects.filter(body=Body.ATTESTATION))
    chair = next(one for one in members if one.user_id == trainer.pk)
    points = dict(outcome.points) | {"project": 27}
    protocol = draft_correction(
        cohort=cohort, held_on=date(2026, 9, 28), members=members, chair=chair, reason="Апелляция", basis="Апелляция",
        lines=[Corrected(outcome, points)], by=administrator,
    )  # fmt: skip
    with pytest.raises(Refused):
        link_correction(appeal=appeal, protocol=protocol)
    protocol = close_correction(protocol=protocol, by=trainer)
    assert link_correction(appeal=appeal, protocol=protocol).correction == protocol
    assert why_not(outcome, date(2026, 9, 28)) != ""


def test_listener_files_on_the_page_and_sees_the_steps(sign_in, listener, outcome, monday):
    client, path = sign_in(listener.user, "en"), reverse("my_appeal", args=[outcome.pk])
    assert "You may appeal until" in client.get(path).content.decode()
    assert client.post(path, {"words": ""}).status_code == 422
    assert client.post(path, {"words": "Келіспеймін"}).status_code == 302
    shown = client.get(path).content.decode()
    assert ("Келіспеймін" in shown, "filed" in shown, "Take the appeal back" in shown) == (True, True, True)
    assert client.post(reverse("my_appeal_take_back", args=[outcome.pk])).status_code == 302
    assert Appeal.objects.get().state == "taken_back"


def test_pages_of_others_are_not_found(sign_in, appeal, outcome, other_listener, other_trainer, trainer):
    paper = appeal.papers.get().pk
    for user, names in ((other_listener.user, ("my_appeal",)), (other_trainer, ("appeal_show", "appeal_paper"))):
        for name in names:
            pk = {"my_appeal": outcome.pk, "appeal_show": appeal.pk, "appeal_paper": paper}[name]
            assert sign_in(user).get(reverse(name, args=[pk])).status_code == 404
    response = sign_in(trainer).get(reverse("appeal_paper", args=[paper]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    response.close()


def test_lost_paper_is_told_in_words(sign_in, appeal, trainer):
    paper = appeal.papers.get()
    default_storage.delete(paper.file.name)
    response = sign_in(trainer, "en").get(reverse("appeal_paper", args=[paper.pk]))
    assert (response.status_code, "cannot be read now" in response.content.decode()) == (503, True)


def test_stray_papers_go_after_a_day_and_those_of_appeals_stay(appeal):
    default_storage.save("appeals/left-by-a-killed-process", ContentFile(b"x"))
    assert work_files.sweep_stray_files() == 0
    with time_machine.travel(timezone.now() + timedelta(days=4000), tick=False):
        assert (work_files.sweep_stray_files(), work_files.sweep_stray_files()) == (1, 0)
    assert default_storage.exists(appeal.papers.get().file.name)


def test_chair_decides_on_the_page(sign_in, appeal, trainer):
    path = reverse("appeal_show", args=[appeal.pk])
    client = sign_in(trainer, "en")
    assert "Decide the appeal" in client.get(path).content.decode()
    members = list(CommissionMember.objects.filter(body=Body.ATTESTATION).values_list("pk", flat=True))
    sent = {"state": "rejected", "decision": "Балл негізді", "held_on": "2026-09-28", "members": members}
    assert client.post(path, sent | {"decision": ""}).status_code == 422
    assert client.post(path, sent).status_code == 302
    assert Appeal.objects.get().state == "rejected"
    assert "Балл негізді" in client.get(path).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_list_costs_the_same_queries_for_any_number(sign_in, administrator, appeal, count_queries, many):
    client = sign_in(administrator)
    with count_queries() as seen:
        assert client.get(reverse("appeal_list")).status_code == 200
    assert seen.count <= 8


@pytest.mark.django_db(transaction=True)
def test_two_filings_at_once_make_one(outcome, listener):
    start, results = Barrier(2), []

    def run(words):  # type: ignore[no-untyped-def]
        start.wait(timeout=10)
        try:
            results.append(file_appeal(outcome=outcome, words=words, papers=[], by=listener.user).pk)
        except Refused:
            results.append(0)
        finally:
            connections.close_all()

    with time_machine.travel("2026-09-28 10:00+05:00", tick=False):
        threads = [Thread(target=run, args=(words,)) for words in ("Бір", "Екі")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert (sorted(results)[0], Appeal.objects.count()) == (0, 1)
