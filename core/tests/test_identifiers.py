"""Check digits against the published algorithm, written a second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import NumberRefused, check_bin, check_digit, check_iin, invented_bin, invented_iin, mask_iin

elevens = st.integers(0, 10**11 - 1).map(lambda n: f"{n:011d}")


def reference(eleven: str) -> int | None:
    """k = Σ i·aᵢ mod 11; on 10 once more with weights 3..11, 1, 2; on 10 again never issued."""
    first = sum(i * int(eleven[i - 1]) for i in range(1, 12)) % 11
    if first != 10:
        return first
    second = sum(((i + 1) % 11 + 1) * int(eleven[i - 1]) for i in range(1, 12)) % 11
    return None if second == 10 else second


@given(elevens)
def test_check_digit_agrees_with_the_reference(eleven):
    assert check_digit(eleven) == reference(eleven)


@given(elevens, st.integers(0, 9))
def test_check_iin_accepts_exactly_the_right_digit(eleven, digit):
    try:
        accepted = check_iin(f"{eleven}{digit}").value == f"{eleven}{digit}"
    except NumberRefused:
        accepted = False
    assert accepted == (reference(eleven) == digit)


@pytest.mark.parametrize("iin", ["850115100019", "850115101804", " 850115100019 "])
def test_check_iin_accepts_first_and_second_pass(iin):
    assert check_iin(iin).warnings == ()


@pytest.mark.parametrize("digit", range(10))
def test_check_iin_refuses_a_number_never_issued(digit):
    with pytest.raises(NumberRefused):
        check_iin(f"85011510183{digit}")


@pytest.mark.parametrize("text", ["", "85011510001", "8501151000190", "٨٥٠١١٥١٠٠٠١٩", "85011510001x", "850115100019\n1", "850115 100019"])
def test_check_iin_refuses_what_is_not_twelve_ascii_digits(text):
    with pytest.raises(NumberRefused):
        check_iin(text)


def test_check_iin_with_an_impossible_date_is_a_warning_only():
    eleven = "85133210001"
    iin = f"{eleven}{check_digit(eleven)}"
    assert (check_iin(iin).value, len(check_iin(iin).warnings)) == (iin, 1)


def test_check_bin_with_odd_digits_is_a_warning_only():
    eleven = "85139900001"
    number = f"{eleven}{check_digit(eleven)}"
    assert len(check_bin(number).warnings) == 1
    assert check_bin(invented_bin(1)).warnings == ()


def test_invented_iins_are_valid_different_and_of_years_18xx():
    iins = [invented_iin(serial) for serial in range(5000)]
    assert len(set(iins)) == 5000
    assert {check_iin(iin).value[6] for iin in iins} == {"1"}


def test_mask_iin_shows_four_digits():
    assert mask_iin("850115100019") == "••••••••0019"
