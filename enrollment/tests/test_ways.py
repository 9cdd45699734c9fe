"""Which ways are open on which day (R6–R9), against a reference of its own and at every boundary."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from enrollment.models import EnrolmentState, Way
from enrollment.ways import Limits, Standing, follows, retake_until, transfer_until, ways

DAY = timedelta(days=1)
ENDS = date(2026, 9, 25)
DECIDED = date(2026, 9, 28)
PASSED_BY = "Only who did not pass the final attestation retakes it."


def standing(state=EnrolmentState.ENROLLED, **more):
    return Standing(**({"state": state, "course_ends_on": ENDS} | more))


def failed(**more):
    return standing(EnrolmentState.NOT_PASSED, **({"decided_on": DECIDED} | more))


def verdict(way, who, on, **limits):
    return ways(who, on, Limits(**limits))[way]


def is_open(way, who, on, **limits):
    return verdict(way, who, on, **limits).is_open


# --- The reference: the rules once more, day by day and in other words ---------------------------------


def last_of_year(day):
    while (day + DAY).year == day.year:
        day += DAY
    return day


def reference(who: Standing, on: date, window: str, months: int) -> set[str]:
    """The ways that are open, by rules written as one would read them out."""
    found = set()
    below_the_mark, taking_part = who.state == "not_passed", who.state in ("enrolled", "deferred")
    if who.continued_in or (below_the_mark and who.decided_on and on < who.decided_on):
        return found
    if below_the_mark and who.decided_on and not list(who.retakes_on):
        in_the_year, in_12_months = on.year == who.decided_on.year, on <= who.decided_on + relativedelta(months=12)
        if {"calendar": in_the_year, "months": in_12_months, "stricter": in_the_year and in_12_months}[window]:
            found.add("retake")
    if below_the_mark:
        found.add("next_cohort")
    if below_the_mark or taking_part:
        years = [who.course_ends_on.year] + ([who.decided_on.year] if who.decided_on else [])
        if on.year <= max(years):
            found.add("transfer")
    if (below_the_mark or who.state == "enrolled") and who.deferred_until is None:
        found.add("deferral")
    back_in_time = who.deferred_until is not None and not on > who.deferred_until
    if who.state == "expelled" or (who.state in ("deferred", "not_passed") and back_in_time):
        found.add("reinstatement")
    if taking_part:
        found.add("withdrawal")
    return found


days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
maybe = st.none() | days


@st.composite
def standings(draw):
    state = draw(st.sampled_from(EnrolmentState.values))
    return Standing(
        state=state,
        course_ends_on=draw(days),
        decided_on=draw(days if state in ("completed", "not_passed") else st.none()),
        deferred_until=draw(days if state == "deferred" else maybe),
        retakes_on=draw(st.just(()) | st.tuples(days)),
        continued_in=draw(st.sampled_from(["", "", "K-2"])),
    )


@given(standings(), days, st.sampled_from(["calendar", "months", "stricter"]), st.integers(1, 36))
@example(failed(decided_on=date(2028, 2, 29)), date(2029, 2, 28), "months", 12)
@example(failed(decided_on=date(2028, 2, 29)), date(2029, 3, 1), "months", 12)
@example(failed(decided_on=date(2026, 12, 31)), date(2027, 1, 1), "stricter", 12)
def test_ways_are_those_of_the_reference(who, on, window, months):
    found = ways(who, on, Limits(window, months))
    assert list(found) == list(Way)
    assert {way.value for way, out in found.items() if out.is_open} == reference(who, on, window, months)


@given(standings(), days, st.sampled_from(["calendar", "months", "stricter"]))
def test_way_with_a_last_day_is_open_on_it_and_closed_the_day_after(who, on, window):
    for way, out in ways(who, on, Limits(window)).items():
        if out.is_open and out.until and way != Way.DEFERRAL:
            assert (is_open(way, who, out.until, retake_window=window), on <= out.until) == (True, True)
            assert not is_open(way, who, out.until + DAY, retake_window=window)


@given(standings(), days)
def test_a_closed_way_always_says_why(who, on):
    assert all(out.is_open == (out.why_not == "") for out in ways(who, on, Limits()).values())


@given(days)
def test_stricter_window_is_the_calendar_year_on_every_day(decided_on):
    assert retake_until(decided_on, "stricter") == retake_until(decided_on, "calendar") == last_of_year(decided_on)
    assert retake_until(decided_on, "months") == decided_on + relativedelta(months=12)


# --- R6: a retake, once within a year -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "decided_on", "last"),
    [
        ("calendar", date(2026, 9, 28), date(2026, 12, 31)),
        ("months", date(2026, 9, 28), date(2027, 9, 28)),
        ("stricter", date(2026, 9, 28), date(2026, 12, 31)),
        ("months", date(2028, 2, 29), date(2029, 2, 28)),
        ("calendar", date(2028, 2, 29), date(2028, 12, 31)),
        ("months", date(2026, 12, 31), date(2027, 12, 31)),
        ("stricter", date(2026, 12, 31), date(2026, 12, 31)),
        ("stricter", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_R6_retake_ends_with_its_window(window, decided_on, last):
    who = failed(decided_on=decided_on)
    assert verdict(Way.RETAKE, who, decided_on, retake_window=window).until == last
    assert is_open(Way.RETAKE, who, last, retake_window=window)
    after = verdict(Way.RETAKE, who, last + DAY, retake_window=window)
    assert after.why_not == "The time for a retake is over."


def test_R6_retake_is_for_who_did_not_pass():
    others = [state for state in EnrolmentState if state != EnrolmentState.NOT_PASSED]
    assert {verdict(Way.RETAKE, standing(state), ENDS).why_not for state in others} == {PASSED_BY}


@pytest.mark.parametrize("given_on", [DECIDED, date(2026, 12, 31), date(2025, 3, 1)])
def test_R6_retake_is_given_once_whatever_followed_it(given_on):
    """Also when the retake was decided later than it was given, or lies in the cohort before this one."""
    out = verdict(Way.RETAKE, failed(retakes_on=[given_on], decided_on=date(2026, 11, 2)), date(2026, 11, 3))
    assert out.why_not == "The one retake within a year has been given already."


def test_nothing_after_a_decision_is_earlier_than_it():
    before = ways(failed(), DECIDED - DAY, Limits())
    assert {out.why_not for out in before.values()} == {
        "This cannot be earlier than the decision of the final attestation."
    }
    assert [way for way, out in ways(failed(), DECIDED, Limits()).items() if out.is_open] == [
        Way.RETAKE,
        Way.NEXT_COHORT,
        Way.TRANSFER,
        Way.DEFERRAL,
    ]


# --- R7: together with a following cohort ---------------------------------------------------------------


def test_R7_next_cohort_has_no_last_day():
    assert verdict(Way.NEXT_COHORT, failed(), date(2040, 1, 1)).until is None
    assert is_open(Way.NEXT_COHORT, failed(retakes_on=[DECIDED]), date(2040, 1, 1))


@pytest.mark.parametrize("state", [EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.EXPELLED])
def test_R7_next_cohort_is_for_who_did_not_pass(state):
    out = verdict(Way.NEXT_COHORT, standing(state), ENDS)
    assert out.why_not == "Only who did not pass is assessed with a following cohort."


def test_R7_following_cohort_ends_later():
    assert [follows(ENDS, ENDS + step * DAY) for step in (-1, 0, 1)] == [False, False, True]


# --- R8: transfer within the calendar year --------------------------------------------------------------


@pytest.mark.parametrize("state", [EnrolmentState.ENROLLED, EnrolmentState.DEFERRED])
def test_R8_transfer_ends_with_the_year_of_the_course(state):
    who = standing(state)
    assert transfer_until(who) == date(2026, 12, 31)
    assert is_open(Way.TRANSFER, who, date(2026, 12, 31))
    out = verdict(Way.TRANSFER, who, date(2027, 1, 1))
    assert out.why_not == "A transfer is possible within the calendar year only."


def test_R8_transfer_of_who_did_not_pass_ends_with_the_year_of_the_decision():
    """A course that ends in December is decided in January: the current calendar year is then the new one."""
    who = failed(course_ends_on=date(2026, 12, 25), decided_on=date(2027, 1, 11))
    assert is_open(Way.TRANSFER, who, date(2027, 1, 11))
    assert is_open(Way.TRANSFER, who, date(2027, 12, 31))
    assert not is_open(Way.TRANSFER, who, date(2028, 1, 1))


@pytest.mark.parametrize("state", [EnrolmentState.COMPLETED, EnrolmentState.EXPELLED, EnrolmentState.ADMITTED])
def test_R8_transfer_is_for_who_takes_part_or_did_not_pass(state):
    out = verdict(Way.TRANSFER, standing(state), ENDS)
    assert out.why_not == "Only who takes part or did not pass is transferred."


# --- R9: deferral, and back from it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "months", "last"),
    [
        (date(2026, 9, 10), 12, date(2027, 9, 10)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_R9_deferral_lasts_so_many_months_from_its_day(on, months, last):
    assert verdict(Way.DEFERRAL, standing(), on, deferral_months=months).until == last


def test_R9_deferral_is_given_once():
    until = date(2027, 3, 1)
    for who in (standing(EnrolmentState.DEFERRED, deferred_until=until), failed(deferred_until=until)):
        assert verdict(Way.DEFERRAL, who, until).why_not == "The course is deferred already."
        assert verdict(Way.DEFERRAL, who, until + DAY).why_not == "The deferral has run out."


def test_R9_deferral_may_be_given_again_to_who_came_back():
    assert is_open(Way.DEFERRAL, standing(deferred_until=None), date(2027, 3, 1))


@pytest.mark.parametrize("state", [EnrolmentState.DEFERRED, EnrolmentState.NOT_PASSED])
def test_R9_reinstatement_is_open_until_the_day_of_the_deferral(state):
    until = date(2027, 3, 1)
    who = standing(state, deferred_until=until, decided_on=DECIDED if state == EnrolmentState.NOT_PASSED else None)
    assert is_open(Way.REINSTATEMENT, who, until)
    assert verdict(Way.REINSTATEMENT, who, until + DAY).why_not == "The deferral has run out."


@pytest.mark.parametrize(
    "state", [EnrolmentState.TRANSFERRED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED, EnrolmentState.ENROLLED]
)
def test_reinstatement_is_closed_to_who_left_a_deferral_another_way(state):
    who = standing(state, deferred_until=date(2027, 3, 1))
    assert verdict(Way.REINSTATEMENT, who, ENDS).why_not == "Only who was deferred or expelled is reinstated."


def test_reinstatement_of_the_expelled_has_no_last_day():
    assert verdict(Way.REINSTATEMENT, standing(EnrolmentState.EXPELLED), date(2040, 1, 1)).is_open


# --- Out, and on elsewhere ------------------------------------------------------------------------------


def test_withdrawal_is_open_while_no_outcome_stands():
    for state in EnrolmentState:
        taking_part = state in (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
        assert is_open(Way.WITHDRAWAL, standing(state), ENDS) is taking_part


def test_every_way_is_closed_while_the_course_goes_on_elsewhere():
    found = ways(failed(continued_in="K-2027-1"), date(2026, 10, 1), Limits())
    assert {out.why_not for out in found.values()} == {"The course goes on in the cohort K-2027-1."}
