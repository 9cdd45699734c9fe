"""Patterns of numbers, where a year begins, and that no two kinds can have the same number (I2)."""

import string

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from certificates.invariants import broken
from certificates.models import Kind, NumberSeries
from certificates.numbering import _shape, fault_of, keep_series, next_number, written
from core.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
GOOD = ["{kind}-{year}-{counter:06}", "{counter}/{year}", "КУӘ-{year}/{counter:04}", "A1-{kind}-{counter:09}-{year}"]
BAD = {
    "": "A pattern has",
    "{kind}-{counter:06}": "the year once",
    "{year}-{year}-{counter}": "the year once",
    "{kind}-{year}": "the counter once",
    "{kind}-{kind}-{year}-{counter}": "the kind once",
    "{year}{counter:06}": "A pattern has",
    "sk-{year}-{counter}": "A pattern has",
    "{kind}-2026-{year}-{counter}": "A pattern has",
    "{kind} {year} {counter}": "A pattern has",
    "{kind.__class__}-{year}-{counter}": "A pattern has",
    "{year}-{counter:99999}": "A pattern has",
    "№-{year}-{counter}": "A pattern has",
    "-{year}-{counter}": "A pattern has",
    "ABCDEFGHIJ-ABCDEFGHIJ-ABCDEFGHIJ-{year}-{counter}": "longer than 40",
}


def series(**fields) -> NumberSeries:  # type: ignore[no-untyped-def]
    return NumberSeries(**{"kind": "certificate", "from_year": 2026, "pattern": GOOD[0], "start": 1} | fields)


@pytest.mark.parametrize("pattern", GOOD)
def test_pattern_is_taken(pattern):
    assert fault_of(pattern) == ""


@pytest.mark.parametrize("pattern", BAD)
def test_pattern_is_refused_in_words(pattern):
    assert BAD[pattern] in fault_of(pattern)


@pytest.mark.parametrize(
    ("kind", "number"),
    [("certificate", "SK-2026-000001"), ("attendance", "AN-2026-000001"), ("support", "KQ-2026-000001")],
)
def test_each_kind_has_its_series_without_any_setting_up(kind, number):
    assert next_number(kind, 2026) == number


def test_first_number_follows_those_that_were_given_on_paper(protocol_of, issue_to, administrator):
    first, second = protocol_of("Әлімов", "Бекенов").outcomes.all()
    keep_series(series=series(pattern="КУӘ-{year}/{counter:04}", start=125), by=administrator)
    assert next_number("certificate", 2026) == "КУӘ-2026/0125"
    assert (issue_to(first).number, issue_to(second).number) == ("КУӘ-2026/0125", "КУӘ-2026/0126")
    assert next_number("certificate", 2027) == "КУӘ-2027/0001"
    assert list(broken()) == []


def test_series_with_numbers_stays_as_it_is(outcome, issue_to, administrator):
    kept = keep_series(series=series(), by=administrator)
    issue_to(outcome)
    kept.start = 7
    with pytest.raises(Refused, match="have been given in that year"):
        keep_series(series=kept, by=administrator)
    for change in ({"pattern": "{year}-{counter}"}, {"start": 7}, {"from_year": 2027}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NumberSeries.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberSeries.objects.all().delete()
    later = keep_series(series=series(from_year=2027, pattern="{kind}/{year}/{counter:04}"), by=administrator)
    assert (next_number("certificate", 2026), next_number("certificate", 2027)) == ("SK-2026-000002", "SK/2027/0001")
    later.pattern = "{kind}/{counter}/{year}"
    assert keep_series(series=later, by=administrator).pattern == "{kind}/{counter}/{year}"


@pytest.mark.parametrize("pattern", ["AN-{year}-{counter:04}", "KQ-{year}-{counter}"])
def test_numbers_of_another_kind_are_refused(administrator, pattern):
    with pytest.raises(Refused, match="could be those of"):
        keep_series(series=series(pattern=pattern), by=administrator)
    assert NumberSeries.objects.count() == 0


@pytest.mark.parametrize(("year", "start"), [(2025, 1), (2032, 1)])
def test_year_that_is_over_or_far_away_is_refused(administrator, trainer, year, start):
    with pytest.raises(Refused, match="in this year or in one of the next five"):
        keep_series(series=series(from_year=year, start=start), by=administrator)
    with pytest.raises(Refused, match="by an administrator"):
        keep_series(series=series(), by=trainer)


PARTS = st.sampled_from(["{kind}", "{year}", "{counter}", "{counter:03}", "{counter:06}", "SK", "AN", "A", "B2"])
PATTERNS = st.tuples(st.lists(PARTS, min_size=2, max_size=4), st.sampled_from("-/")).map(lambda p: p[1].join(p[0]))


@given(
    one=PATTERNS,
    other=PATTERNS,
    years=st.tuples(*[st.integers(2000, 2099)] * 2),
    counters=st.tuples(*[st.integers(1, 10**6)] * 2),
)
def test_patterns_of_different_shape_never_give_the_same_number(one, other, years, counters):
    if fault_of(one) or fault_of(other):
        return
    same = written(one, "certificate", years[0], counters[0]) == written(other, "attendance", years[1], counters[1])
    assert not same or _shape(one, "certificate") == _shape(other, "attendance")


def test_alphabet_of_patterns_is_what_a_look_up_keeps():
    for pattern in GOOD:
        number = written(pattern, Kind.CERTIFICATE, 2026, 1)
        assert number == number.upper()
        assert not set(number) & set(string.whitespace + "№")


def test_series_is_kept_on_its_page(sign_in, administrator):
    client = sign_in(administrator, "en")
    address = reverse("admin:certificates_numberseries_add")
    fields = {"kind": "certificate", "from_year": 2026, "pattern": "{kind}-{counter:06}", "start": 1}
    refused = client.post(address, fields)
    assert "the year once" in refused.content.decode()
    assert NumberSeries.objects.count() == 0
    response = client.post(address, fields | {"pattern": "{kind}/{year}/{counter:04}", "start": 40}, follow=True)
    page = response.content.decode()
    assert ("SK/2026/0040" in page, "AN-2026-000001" in page) == (True, True)
    assert NumberSeries.objects.get().by == administrator
