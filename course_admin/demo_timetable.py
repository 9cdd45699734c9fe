"""The demonstration's rooms and timetables, made by the generator."""

from datetime import time

from accounts.models import User
from enrollment.forms.timetable import ONLINE
from enrollment.models import Cohort, Room
from enrollment.timetabling.diary import clock
from enrollment.timetabling.lengths import Day
from enrollment.timetabling.proposing import Wish, accept, draft
from programs.models import StudyFormat

ADDRESS = "Қарағанды қаласы, Бұқар жырау даңғылы, 49"
ROOMS = [("204-аудитория", 30), ("Мәжіліс залы", 45)]
LINK = "https://teams.example/kurs"


def make_rooms() -> None:
    """Two rooms for all cohorts."""
    for name, seats in ROOMS:
        Room.objects.create(name=name, address=ADDRESS, seats=seats)


def make_timetable(cohort: Cohort, *, by: User) -> None:
    """A timetable for a new cohort; none where holidays leave too few days for it."""
    wish = Wish(
        cohorts=[cohort],
        weekdays=range(5),
        day=Day(time(9), 7, 4, 60, clock()),
        modules={trainer.pk: range(1, 8) for trainer in cohort.trainers.all()},
        rooms=list(Room.objects.all()),
        online=ONLINE[StudyFormat(cohort.study_format)],
        link=LINK,
    )
    found = draft(wish)
    if found.proposal.meetings:
        accept(wish=wish, fingerprint=found.fingerprint, by=by)
