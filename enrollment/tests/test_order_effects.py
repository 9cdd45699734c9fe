"""What each kind of order does, by the code of the rule, with its refusal beside it."""

from datetime import date, timedelta

import pytest
import time_machine

from core.errors import Refused
from core.workdays import workdays_later
from enrollment.models import (
    CohortState,
    CommissionDecision,
    CommissionMember,
    DecisionLine,
    EmployerNotice,
    Enrolment,
    EnrolmentState,
    MovementRequest,
    NoticeState,
    Order,
    OrderKind,
    Reason,
    RequestState,
    SupportingPaper,
    Way,
)
from enrollment.notices import record_sending
from enrollment.ordering import Listed, cancel_order, draft_order, sign_order
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 18)


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-18 10:00+05:00", tick=False):
        yield


@pytest.fixture
def running(edition, trainer):  # type: ignore[no-untyped-def]
    """7 to 25 September."""
    return factories.make_cohort(edition=edition, code="RUN-1", state=CohortState.RUNNING, trainers=[trainer])


@pytest.fixture
def autumn(edition):  # type: ignore[no-untyped-def]
    """A following cohort of the edition in the same year, with two places."""
    starts = date(2026, 11, 2)
    return factories.make_cohort(
        edition=edition, code="NEXT-1", starts_on=starts, ends_on=starts + timedelta(days=18), capacity=2
    )


@pytest.fixture
def enrolled(running):  # type: ignore[no-untyped-def]
    return factories.make_enrolment(cohort=running, surname="Өтеген", given_name="Ерлан", patronymic="")


@pytest.fixture
def failed(cohort):  # type: ignore[no-untyped-def]
    """Did not pass on 10 September."""
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.NOT_PASSED, surname="Ізбасар")
    enrolment.decided_on = date(2026, 9, 10)
    enrolment.save(update_fields=["decided_on"])
    return enrolment


@pytest.fixture
def sign(signatory, administrator):  # type: ignore[no-untyped-def]
    """`sign(kind, Listed(…), …)`: an order of today over these people, signed."""
    numbers = iter(range(100, 200))

    def do(kind, *people, **values):  # type: ignore[no-untyped-def]
        values = {"number": str(next(numbers)), "date": DAY, "basis": "Өтініш"} | values
        order = draft_order(kind=kind, signatory=signatory, people=people, by=administrator, **values)
        return sign_order(order=order, by=administrator)

    return do


@pytest.fixture
def ask(administrator):  # type: ignore[no-untyped-def]
    """`ask(enrolment, way)`: a request on file, with a paper unless `papers=0`."""

    def do(enrolment, way, papers=1, **values):  # type: ignore[no-untyped-def]
        from core.states import born

        values |= {"until": date(2027, 3, 1)} if way == Way.DEFERRAL else {}
        request = MovementRequest.objects.create(
            enrolment=enrolment, way=way, reason=Reason.ILLNESS, words="Емделу", filed_by=administrator, **values
        )
        born([request], by=administrator)
        for n in range(papers):
            SupportingPaper.objects.create(
                request=request, name=f"{n}.pdf", file="x.pdf", content_type="application/pdf", size=1,
                sha256="0" * 64, uploaded_by=administrator,
            )  # fmt: skip
        return request

    return do


@pytest.fixture
def decide(db):  # type: ignore[no-untyped-def]
    """`decide(enrolment, …)`: a decision of the commission to expel them."""

    def do(*enrolments, resolution=DecisionLine.Resolution.EXPEL, held_on=DAY, number="5"):  # type: ignore[no-untyped-def]
        decision = CommissionDecision.objects.create(
            number=number, held_on=held_on, question="Келісім талаптарын бұзу", decision="Оқудан шығару"
        )
        decision.members.add(
            CommissionMember.objects.create(
                full_name="Төраға Т.", position_kk="төраға", is_chair=True, valid_from=date(2026, 1, 1)
            )
        )
        for enrolment in enrolments:
            DecisionLine.objects.create(decision=decision, enrolment=enrolment, resolution=resolution)
        return decision

    return do


def state_of(enrolment: Enrolment) -> str:
    return Enrolment.objects.get(pk=enrolment.pk).state


# --- R8 -------------------------------------------------------------------------------------------


def test_R8_transfer_moves_to_a_cohort_of_the_calendar_year(enrolled, autumn, ask, sign):
    request = ask(enrolled, Way.TRANSFER, cohort=autumn)
    order = sign(OrderKind.TRANSFER, Listed(enrolled, cohort=autumn, request=request))
    new = autumn.enrolments.get()
    assert (state_of(enrolled), new.state, new.origin, new.order) == ("transferred", "enrolled", enrolled, order)
    assert (new.listener, order.lines.get().opened) == (enrolled.listener, new)
    request.refresh_from_db()
    assert request.state == RequestState.ORDERED


def test_R8_transfer_is_refused_without_a_valid_reason_on_file(enrolled, autumn, ask, sign):
    other_way = ask(enrolled, Way.DEFERRAL)
    for request, sentence in (
        (None, "no request with a valid reason on file"),
        (other_way, "asked for something else"),
    ):
        with pytest.raises(Refused, match=f"{sentence}.*: Өтеген Ерлан"):
            sign(OrderKind.TRANSFER, Listed(enrolled, cohort=autumn, request=request))
    assert (state_of(enrolled), autumn.enrolments.count()) == ("enrolled", 0)


def test_R8_transfer_is_refused_past_the_calendar_year(edition, enrolled, ask, sign):
    spring = factories.make_cohort(edition=edition, code="S-1", starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 19))
    request = ask(enrolled, Way.TRANSFER)
    with pytest.raises(Refused, match="begins after this calendar year: Өтеген"):
        sign(OrderKind.TRANSFER, Listed(enrolled, cohort=spring, request=request))
    new_year = time_machine.travel("2027-01-01 10:00+05:00", tick=False)
    with new_year, pytest.raises(Refused, match="within the calendar year only"):
        sign(OrderKind.TRANSFER, Listed(enrolled, cohort=spring, request=request), date=date(2027, 1, 1))
    assert state_of(enrolled) == "enrolled"


def test_R8_transfer_of_somebody_who_did_not_pass_keeps_the_outcome(failed, autumn, ask, sign):
    sign(OrderKind.TRANSFER, Listed(failed, cohort=autumn, request=ask(failed, Way.TRANSFER)))
    assert (state_of(failed), autumn.enrolments.get().origin) == ("not_passed", failed)


def test_transfer_is_refused_as_a_whole_when_the_other_cohort_is_full(enrolled, running, autumn, ask, sign):
    others = [factories.make_enrolment(cohort=running) for _ in range(2)]
    people = [Listed(e, cohort=autumn, request=ask(e, Way.TRANSFER)) for e in (enrolled, *others)]
    with pytest.raises(Refused, match="2 places, 0 of them taken; 3 more do not fit"):
        sign(OrderKind.TRANSFER, *people)
    assert {state_of(one.enrolment) for one in people} == {"enrolled"}


def test_transfer_is_refused_to_another_edition_and_to_the_own_cohort(enrolled, running, ask, sign):
    foreign = factories.make_cohort(edition=factories.make_edition(year=2027), code="F-1", starts_on=date(2026, 11, 2),
                                    ends_on=date(2026, 11, 20))  # fmt: skip
    request = ask(enrolled, Way.TRANSFER)
    for cohort, sentence in ((foreign, "another edition"), (running, "in this cohort already"), (None, "into which")):
        with pytest.raises(Refused, match=sentence):
            sign(OrderKind.TRANSFER, Listed(enrolled, cohort=cohort, request=request))


def test_somebody_elses_request_is_refused(enrolled, running, autumn, ask, sign):
    other = factories.make_enrolment(cohort=running)
    with pytest.raises(Refused, match="belongs to somebody else"):
        sign(OrderKind.TRANSFER, Listed(enrolled, cohort=autumn, request=ask(other, Way.TRANSFER)))


def test_cancelled_transfer_leads_back(enrolled, autumn, ask, sign, signatory, administrator):
    request = ask(enrolled, Way.TRANSFER)
    order = sign(OrderKind.TRANSFER, Listed(enrolled, cohort=autumn, request=request))
    cancel_order(order=order, number="199", date=DAY, signatory=signatory, basis="Қате", by=administrator)
    request.refresh_from_db()
    assert (state_of(enrolled), autumn.enrolments.get().state, request.state) == ("enrolled", "withdrawn", "filed")


# --- R9 -------------------------------------------------------------------------------------------


def test_R9_deferral_pauses_until_a_set_date_and_reinstatement_ends_it(enrolled, autumn, ask, sign):
    until = date(2027, 3, 1)
    sign(OrderKind.DEFERRAL, Listed(enrolled, until=until, request=ask(enrolled, Way.DEFERRAL)))
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.deferred_until) == ("deferred", until)
    sign(OrderKind.REINSTATEMENT, Listed(enrolled, cohort=autumn))
    assert (state_of(enrolled), autumn.enrolments.get().origin) == ("transferred", enrolled)


def test_R9_deferral_is_refused_without_supporting_papers(enrolled, ask, sign):
    with pytest.raises(Refused, match="No supporting paper is on file: Өтеген"):
        sign(
            OrderKind.DEFERRAL,
            Listed(enrolled, until=date(2027, 3, 1), request=ask(enrolled, Way.DEFERRAL, papers=0)),
        )
    assert state_of(enrolled) == "enrolled"


@pytest.mark.parametrize("until", [None, DAY, date(2027, 9, 19)])
def test_R9_deferral_needs_a_date_within_its_time(enrolled, ask, sign, until):
    with pytest.raises(Refused, match=r"until when|outside what a deferral may last"):
        sign(OrderKind.DEFERRAL, Listed(enrolled, until=until, request=ask(enrolled, Way.DEFERRAL)))


def test_R9_reinstatement_is_refused_after_the_set_date(enrolled, autumn, ask, sign):
    sign(OrderKind.DEFERRAL, Listed(enrolled, until=date(2026, 9, 20), request=ask(enrolled, Way.DEFERRAL)))
    later = time_machine.travel("2026-09-21 10:00+05:00", tick=False)
    with later, pytest.raises(Refused, match="deferral has run out"):
        sign(OrderKind.REINSTATEMENT, Listed(enrolled, cohort=autumn), date=date(2026, 9, 21))


def test_R9_who_did_not_pass_comes_back_later_with_the_outcome_kept(failed, autumn, ask, sign):
    sign(OrderKind.DEFERRAL, Listed(failed, until=date(2027, 3, 1), request=ask(failed, Way.DEFERRAL)))
    assert state_of(failed) == "not_passed"
    with pytest.raises(Refused, match="Say into which cohort"):
        sign(OrderKind.REINSTATEMENT, Listed(failed))
    sign(OrderKind.REINSTATEMENT, Listed(failed, cohort=autumn))
    assert (state_of(failed), autumn.enrolments.get().origin) == ("not_passed", failed)


def test_reinstatement_into_the_own_cohort_takes_a_place(enrolled, running, ask, sign):
    sign(OrderKind.DEFERRAL, Listed(enrolled, until=date(2027, 3, 1), request=ask(enrolled, Way.DEFERRAL)))
    running.capacity = 1
    running.save()
    newcomer = factories.make_enrolment(cohort=running)
    with pytest.raises(Refused, match="1 more do not fit"):
        sign(OrderKind.REINSTATEMENT, Listed(enrolled))
    sign(OrderKind.WITHDRAWAL, Listed(newcomer))
    sign(OrderKind.REINSTATEMENT, Listed(enrolled))
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.deferred_until) == ("enrolled", None)


# --- R6, R7 ---------------------------------------------------------------------------------------


def test_R6_admission_to_a_retake_once_within_a_year(failed, sign):
    sign(OrderKind.RETAKE, Listed(failed))
    assert state_of(failed) == "not_passed"
    with pytest.raises(Refused, match="one retake within a year has been given"):
        sign(OrderKind.RETAKE, Listed(failed))


def test_R6_retake_is_refused_after_its_time_and_to_who_passed(failed, cohort, sign):
    passed = factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED)
    with pytest.raises(Refused, match="Only who did not pass"):
        sign(OrderKind.RETAKE, Listed(passed))
    new_year = time_machine.travel("2027-01-01 10:00+05:00", tick=False)
    with new_year, pytest.raises(Refused, match="time for a retake is over"):
        sign(OrderKind.RETAKE, Listed(failed), date=date(2027, 1, 1))


def test_R7_assessment_with_a_following_cohort_opens_an_enrolment_there(failed, autumn, sign):
    sign(OrderKind.RETAKE, Listed(failed, cohort=autumn))
    new = autumn.enrolments.get()
    assert (state_of(failed), new.state, new.origin) == ("not_passed", "enrolled", failed)


def test_R7_is_refused_with_an_earlier_cohort_and_to_who_takes_part(edition, failed, enrolled, autumn, sign):
    earlier = factories.make_cohort(
        edition=edition, code="E-1", state=CohortState.RUNNING, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 19)
    )
    with pytest.raises(Refused, match="does not follow theirs"):
        sign(OrderKind.RETAKE, Listed(failed, cohort=earlier))
    with pytest.raises(Refused, match="Only who did not pass"):
        sign(OrderKind.RETAKE, Listed(enrolled, cohort=autumn))


# --- R10, R11 -------------------------------------------------------------------------------------


def test_R10_expulsion_rests_on_a_decision_and_an_order(enrolled, decide, sign):
    order = sign(OrderKind.EXPULSION, Listed(enrolled), decision=decide(enrolled))
    assert (state_of(enrolled), order.snapshot["decision"]["number"]) == ("expelled", "5")


def test_R10_expulsion_is_refused_without_a_decision_about_this_person(enrolled, running, decide, sign):
    other = factories.make_enrolment(cohort=running)
    kept = decide(enrolled, resolution=DecisionLine.Resolution.KEEP, number="6")
    later = decide(enrolled, held_on=DAY + timedelta(days=1), number="7")
    for decision, sentence in (
        (None, "without a decision of the commission"),
        (decide(other), "has not decided to expel them: Өтеген Ерлан"),
        (kept, "has not decided to expel them"),
        (later, "later than the order"),
    ):
        with pytest.raises(Refused, match=sentence):
            sign(OrderKind.EXPULSION, Listed(enrolled), decision=decision)
    assert (state_of(enrolled), EmployerNotice.objects.count()) == ("enrolled", 0)


def test_R11_expulsion_writes_a_numbered_letter_due_in_three_working_days(enrolled, running, decide, sign):
    other = factories.make_enrolment(cohort=running)
    sign(OrderKind.EXPULSION, Listed(enrolled), Listed(other), decision=decide(enrolled, other))
    notices = list(EmployerNotice.objects.order_by("pk"))
    assert [notice.number for notice in notices] == ["1-2026", "2-2026"]
    # 18 September 2026 is a Friday.
    assert {(notice.state, notice.due_on) for notice in notices} == {(NoticeState.DUE, date(2026, 9, 23))}
    assert notices[0].employer == enrolled.listener.employer
    assert notices[0].snapshot["listener"]["name"] == "Өтеген Ерлан"


def test_R11_case_stays_due_until_the_sending_is_recorded(enrolled, decide, sign, administrator):
    sign(OrderKind.EXPULSION, Listed(enrolled), decision=decide(enrolled))
    notice = EmployerNotice.objects.due().get()
    how = {"channel": "post", "sent_on": DAY, "by": administrator}
    with pytest.raises(Refused, match="who received"):
        record_sending(notice=notice, recipient=" ", **how)
    for day in (DAY + timedelta(days=1), DAY - timedelta(days=1)):
        with pytest.raises(Refused, match="between the letter's date and today"):
            record_sending(notice=notice, recipient="Кеңсе", **how | {"sent_on": day})
    assert EmployerNotice.objects.due().count() == 1
    sent = record_sending(notice=notice, recipient=" № 5  мектеп ", **how)
    assert (sent.state, sent.recipient, sent.recorded_by) == (NoticeState.SENT, "№ 5 мектеп", administrator)
    assert record_sending(notice=notice, recipient="№ 5 мектеп", **how) == sent
    assert EmployerNotice.objects.due().count() == 0


def test_letter_of_a_cancelled_expulsion_is_not_needed_any_more(enrolled, decide, sign, signatory, administrator):
    order = sign(OrderKind.EXPULSION, Listed(enrolled), decision=decide(enrolled))
    cancel_order(order=order, number="199", date=DAY, signatory=signatory, basis="Қате", by=administrator)
    assert (state_of(enrolled), EmployerNotice.objects.get().state) == ("enrolled", NoticeState.VOID)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 18), 3, date(2026, 9, 23)),
        (date(2026, 12, 31), 1, date(2027, 1, 5)),  # 1, 2 January are holidays, 3 and 4 make up for the weekend
        (date(2026, 9, 21), 0, date(2026, 9, 21)),
    ],
)
def test_working_days_know_weekends_and_holidays(day, count, expected):
    assert workdays_later(day, count) == expected


# --- The others -----------------------------------------------------------------------------------


def test_withdrawal_needs_a_basis_or_a_request(enrolled, sign, ask):
    with pytest.raises(Refused, match="Give the basis"):
        sign(OrderKind.WITHDRAWAL, Listed(enrolled), basis=" ")
    sign(OrderKind.WITHDRAWAL, Listed(enrolled, request=ask(enrolled, Way.WITHDRAWAL)), basis="")
    assert state_of(enrolled) == "withdrawn"


def test_completion_records_who_completed_once(cohort, enrolled, sign):
    done = factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED)
    sign(OrderKind.COMPLETION, Listed(done))
    assert state_of(done) == "completed"
    with pytest.raises(Refused, match="order of completion already"):
        sign(OrderKind.COMPLETION, Listed(done))
    with pytest.raises(Refused, match="present state: Өтеген"):
        sign(OrderKind.COMPLETION, Listed(enrolled))


@pytest.mark.parametrize("kind", [k for k in OrderKind if k not in ("completion", "retake", "cancellation")])
def test_who_has_completed_is_moved_by_no_order(cohort, autumn, sign, kind, ask, decide):
    done = factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED)
    way = {"transfer": Way.TRANSFER, "deferral": Way.DEFERRAL}.get(kind)
    person = Listed(
        done, cohort=autumn if kind in ("transfer", "reinstatement") else None, until=date(2027, 1, 1),
        request=ask(done, way) if way else None,
    )  # fmt: skip
    before = Order.objects.signed().count()
    with pytest.raises(Refused):
        sign(kind, person, decision=decide(done) if kind == "expulsion" else None)
    assert (state_of(done), Order.objects.signed().count()) == ("completed", before)
