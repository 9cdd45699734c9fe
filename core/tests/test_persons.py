"""What an erasure makes of texts."""

import pytest

from core.persons import Person, blanked, scrub

PERSON = Person(
    pseudonym="Тыңдаушы 7", entries=[7], accounts=[], addresses=["a@b.kz"],
    names=["Әлімов Айбек Серікұлы", "Әлімов Айбек"], texts=["a@b.kz", "+7 701"], words=["Әлімов", "директор"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Сәлем, Әлімов Айбек Серікұлы!", "Сәлем, Тыңдаушы 7!"),
        ("Әлімов Айбек, a@b.kz, +7 701", "Тыңдаушы 7, –, –"),
        ("Әлімов", "–"),
        ("Әлімовтер көшесі", "Әлімовтер көшесі"),
        ("Директор", "Директор"),
        ({"people": ["Әлімов Айбек", 5, None], "of": {"position": "директор"}},
         {"people": ["Тыңдаушы 7", 5, None], "of": {"position": "–"}}),
        (None, None),
    ],
)  # fmt: skip
def test_scrub(value, left):
    assert scrub(value, PERSON) == left


def test_blanked_keeps_that_there_was_a_text():
    assert (blanked("ауырды", PERSON), blanked("", PERSON)) == ("–", "")
