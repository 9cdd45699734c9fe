"""Everybody gets one of the things they can use."""

from enrollment.timetabling.matching import Matching


def test_first_wish_is_given_when_it_is_free():
    matching: Matching[int, str] = Matching()
    assert matching.add(1, ["a", "b"])
    assert matching.of(1) == "a"


def test_somebody_shifts_so_that_both_have_one():
    matching: Matching[int, str] = Matching()
    assert matching.add(1, ["a", "b"])
    assert matching.add(2, ["a"])
    assert (matching.of(1), matching.of(2)) == ("b", "a")


def test_nobody_is_left_without_for_another():
    matching: Matching[int, str] = Matching()
    matching.add(1, ["a"])
    assert not matching.add(2, ["a"])
    assert (matching.of(1), matching.of(2)) == ("a", None)


def test_what_is_removed_is_free_again():
    matching: Matching[int, str] = Matching()
    matching.add(1, ["a"])
    matching.remove(1)
    matching.remove(3)
    assert matching.add(2, ["a"])
    assert matching.of(1) is None
