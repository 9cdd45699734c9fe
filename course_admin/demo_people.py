"""Invented people and schools for the demonstration. Their IINs belong to the 19th century: they are nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.identifiers import invented_bin, invented_iin

SURNAMES = (
    "Әбдірахман Әлімбек Бекмұрат Боранбай Ғабит Дәулет Досжан Ерғали Жақсылық Жұматай Қаби Қайырбек Құрман Мұқан "
    "Нұрғали Оразбай Өмірзақ Пернебек Рақым Сағынтай Сәрсен Тілеубек Тұрсын Ұлықбек Үкібай Шәріп Ізтілеу Сүлеймен"
).split()
MEN = "Айбек Бауыржан Данияр Ерлан Жандос Қайрат Мақсат Нұрлан Олжас Рүстем Санжар Талғат Әділ Үміт".split()
WOMEN = "Айгүл Әсел Ботагөз Гүлнәр Динара Жанар Зәуре Қарлығаш Ләззат Мәдина Назгүл Сәуле Шынар Ұлжан".split()
FATHERS = "Серік Болат Қанат Марат Өмірбек Төлеген Жұмабек Асқар Ғани Сапар".split()
POSITIONS = [
    "директор",
    "директордың оқу ісі жөніндегі орынбасары",
    "директордың тәрбие ісі жөніндегі орынбасары",
    "меңгеруші",
]
TOWNS = ["Қарағанды", "Теміртау", "Балқаш", "Саран", "Шахтинск", "Абай", "Приозерск", "Қарқаралы"]
CONSULTANTS = ["Сәтбекова Айман Жұмабекқызы", "Нұрпейіс Қайсар Болатұлы", "Ким Елена Викторовна"]


@dataclass(frozen=True)
class Person:
    """One invented listener as a row of an import file."""

    iin: str
    surname: str
    given_name: str
    patronymic: str
    position: str
    employer: str
    bin: str
    email: str
    phone: str


def _endless() -> Iterator[Person]:
    number = 0
    while True:
        number += 1
        woman = number % 3 != 0
        given = (WOMEN if woman else MEN)[(number * 5 + number // 14) % 14]
        stem = SURNAMES[(number * 11 + number // 28) % 28]
        father = FATHERS[(number * 7 + number // 10) % 10]
        school = 10 + number % 40
        yield Person(
            iin=invented_iin(number),
            surname=f"{stem}{'ова' if woman else 'ов'}" if number % 2 else stem,
            given_name=given,
            patronymic=f"{father}{'қызы' if woman else 'ұлы'}",
            position=POSITIONS[number % 4],
            employer=f"{TOWNS[school % 8]} қаласының № {school} жалпы білім беретін мектебі"
            if school % 8 < 7
            else f"Қарқаралы ауданының № {school} жалпы білім беретін мектебі",
            bin=invented_bin(school),
            email=f"listener{number}@demo.kz",
            phone=f"+7 700 000 {number // 100:02d} {number % 100:02d}",
        )


def people(count: int, *, skip: int = 0) -> list[Person]:
    """`count` different people, the same at every call, after the first `skip`."""
    return list(islice(_endless(), skip, skip + count))
