"""What people type about a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.identifiers import invented_iin
from enrollment.identity import Reading, Unreadable, read_bin, read_iin, read_name, read_phone, read_text

IIN = invented_iin(7)


def test_read_iin_ignores_spaces():
    assert read_iin(f" {IIN[:6]} {IIN[6:]}\n").value == IIN


@pytest.mark.parametrize(
    "text", ["", "12", "85011510001x", "８５０１１５１０００１９", "850115100018", "1" * 40, "\x00" * 12]
)
def test_read_iin_refuses_what_is_none(text):
    with pytest.raises(DomainError, match="IIN"):
        read_iin(text, restore=True)


def test_read_iin_explains_a_shortened_number():
    with pytest.raises(Unreadable, match="Format the column as text"):
        read_iin("8,50115E+11")


@pytest.mark.parametrize("digits", ["050115100019", "005115100019", "000515100019"])
def test_read_iin_restores_zeros_only_where_the_check_digit_fits(digits):
    from core.identifiers import check_digit

    whole = digits[:11] + str(check_digit(digits[:11]))
    read = read_iin(whole.lstrip("0"), restore=True)
    assert read.value == whole
    assert read.notices[0].startswith("Leading zeros")
    wrong = whole[:11] + str((int(whole[11]) + 1) % 10)
    with pytest.raises(DomainError, match="twelve digits"):
        read_iin(wrong.lstrip("0"), restore=True)


def test_read_iin_restores_nothing_unless_asked():
    with pytest.raises(DomainError, match="twelve digits"):
        read_iin("50115100019")


def test_read_bin_notices_unusual_digits():
    assert read_bin("850115100019").notices == ("The first digits of the BIN are unusual.",)


def test_read_name_tells_which_letters_it_put_right():
    read = read_name("  Aлиевa ")  # Latin A and a
    assert read.value == "Алиева"
    assert [notice[:27] for notice in read.notices] == ["Latin letters in “Алиева” w"]


def test_read_text_makes_one_line():
    assert read_text(" № 5\n  мектеп\u00a0") == "№ 5 мектеп"


@pytest.mark.parametrize("text", ["a\x07b", "a\u202eb", "a\u200bb"])
def test_read_text_refuses_what_cannot_be_seen(text):
    with pytest.raises(Unreadable, match="invisible"):
        read_text(text)


@pytest.mark.parametrize("phone", ["+7 (701) 123-45-67", "8 7212 41 00 00", ""])
def test_read_phone_keeps_what_was_typed(phone):
    assert read_phone(phone) == phone


@pytest.mark.parametrize("phone", ["call me", "1", "=1+1", "9" * 31])
def test_read_phone_refuses_what_is_none(phone):
    with pytest.raises(Unreadable):
        read_phone(phone)


@given(st.text(max_size=60))
def test_readers_give_a_reading_or_a_sentence(text):
    for reader in (read_name, lambda t: Reading(read_text(t)), lambda t: read_iin(t, restore=True)):
        assert _outcome(reader, text)


def _outcome(reader, text):  # type: ignore[no-untyped-def]
    try:
        return isinstance(reader(text), Reading)
    except DomainError as refusal:
        return refusal.sentence
