"""Check digits against the published algorithm, written a second time."""

from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    NumberRefused,
    birth_date,
    check_bin,
    check_digit,
    check_iin,
    invented_bin,
    invented_iin,
    mask_iin,
)

elevens = st.integers(0, 10**11 - 1).map(lambda n: f"{n:011d}")


def reference(eleven: str) -> int | None:
    """k = Σ i·aᵢ mod 11; on 10 once more with weights 3..11, 1, 2; on 10 again never issued."""
    first = sum(i * int(eleven[i - 1]) for i in range(1, 12)) % 11
    if first != 10:
        return first
    second = sum(((i + 1) % 11 + 1) * int(eleven[i - 1]) for i in range(1, 12)) % 11
    return None if second == 10 else second


def whole(eleven: str) -> str:
    return f"{eleven}{reference(eleven)}"


def refusal(check, text: str) -> str:  # type: ignore[no-untyped-def]
    with translation.override("en"), pytest.raises(NumberRefused) as caught:
        check(text)
    return caught.value.sentence


@given(elevens)
def test_check_digit_agrees_with_the_reference(eleven):
    assert check_digit(eleven) == reference(eleven)


@pytest.mark.parametrize("check", [check_iin, check_bin])
@given(eleven=elevens, digit=st.integers(0, 9))
def test_check_accepts_exactly_the_right_digit(check, eleven, digit):
    try:
        accepted = check(f"{eleven}{digit}").value == f"{eleven}{digit}"
    except NumberRefused:
        accepted = False
    assert accepted == (reference(eleven) == digit)


@pytest.mark.parametrize("iin", ["850115100019", "850115101804"])
def test_check_iin_accepts_first_and_second_pass(iin):
    assert (check_iin(iin).value, check_iin(iin).warnings) == (iin, ())


def test_check_iin_with_a_wrong_last_digit_says_so():
    assert refusal(check_iin, "850115100018") == (
        "IIN: the last digit does not fit, so a digit is mistyped. Please compare it with the document."
    )


@pytest.mark.parametrize("digit", range(10))
def test_check_iin_refuses_a_number_never_issued(digit):
    assert refusal(check_iin, f"85011510183{digit}") == (
        "IIN: such a number is never issued. Please compare it with the document."
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8501151000190",
        "٨٥٠١١٥١٠٠٠١٩",
        "８５０１１５１０００１９",
        "85011510001x",
        "850115100019\n",
        "850115100019\n1",
        " 850115100019",
        "850115 100019",
        "850115100019\x00",
        "-50115100019",
        "8501151000.9",
        "²50115100019",
        "9" * 100_000,
    ],
)
def test_check_refuses_what_is_not_twelve_ascii_digits(text):
    assert refusal(check_iin, text) == "IIN: exactly twelve digits are needed."
    assert refusal(check_bin, text) == "BIN: exactly twelve digits are needed."


def test_check_iin_with_lost_zeros_says_so():
    assert refusal(check_iin, "10115100019") == (
        "IIN: twelve digits are needed, here are 11. Leading zeros may have been lost."
    )


@given(st.text(max_size=14))
def test_any_text_is_checked_or_refused(text):
    for check in (check_iin, check_bin):
        with suppress(NumberRefused):
            assert check(text).value == text


@pytest.mark.parametrize("eleven", ["85133210001", "85022930001", "85011570001", "85011590001", "85133200001"])
def test_check_iin_with_an_impossible_date_is_a_warning_only(eleven):
    checked = check_iin(whole(eleven))
    with translation.override("en"):
        assert [str(warning) for warning in checked.warnings] == [
            "The first digits of the IIN are not a date of birth."
        ]


@pytest.mark.parametrize("eleven", ["84022930001", "00022950001", "85022800001", "84022900001"])
def test_check_iin_with_a_date_or_of_a_foreigner_has_no_warning(eleven):
    assert check_iin(whole(eleven)).warnings == ()


@pytest.mark.parametrize(
    ("iin", "born"),
    [("850115100019", date(1885, 1, 15)), ("850115300010", date(1985, 1, 15)), ("850115000010", None)],
)
def test_birth_date_of_a_century(iin, born):
    assert birth_date(iin) == born


@pytest.mark.parametrize("eleven", ["85139900001", "85134000001", "85019000001", "85014900001", "85004000001"])
def test_check_bin_with_odd_digits_is_a_warning_only(eleven):
    checked = check_bin(whole(eleven))
    with translation.override("en"):
        assert [str(warning) for warning in checked.warnings] == ["The first digits of the BIN are unusual."]


def test_invented_iins_are_valid_different_and_of_years_18xx():
    # The first of both sexes, and as many where a turn of birth dates begins anew.
    iins = [invented_iin(serial) for serial in [*range(3000), *range(18_262, 21_262), *range(36_524, 39_524)]]
    assert len(set(iins)) == 9000
    assert {check_iin(iin).warnings for iin in iins} == {()}
    assert {birth_date(iin).year // 100 for iin in iins} == {18}
    assert {iin[6] for iin in iins} == {"1", "2"}


@given(st.integers(0, 182_619_999), st.integers(0, 182_619_999))
def test_invented_iins_of_any_serials_are_valid_and_different(one, other):
    assert check_iin(invented_iin(one)).warnings == ()
    assert (invented_iin(one) == invented_iin(other)) == (one == other)


@given(st.integers(0, 23_999_999), st.integers(0, 23_999_999))
def test_invented_bins_of_any_serials_are_valid_and_different(one, other):
    assert check_bin(invented_bin(one)).warnings == ()
    assert (invented_bin(one) == invented_bin(other)) == (one == other)


def test_invented_numbers_stay_the_same():
    assert [invented_iin(0), invented_iin(1), invented_bin(0), invented_bin(1)] == [
        "500101100000",
        "710907100006",
        "500140000007",
        "500840000002",
    ]


@pytest.mark.parametrize("serial", [-1, 182_620_000])
def test_invented_iin_out_of_range_is_refused(serial):
    with pytest.raises(ValueError, match="out of range"):
        invented_iin(serial)


@pytest.mark.parametrize(
    ("text", "masked"), [("850115100019", "••••••••0019"), ("", "••••••••••••"), ("0019", "••••••••••••")]
)
def test_mask_iin_shows_four_digits(text, masked):
    assert mask_iin(text) == masked
