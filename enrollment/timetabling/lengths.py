"""How long academic hours take, and when they begin on a teaching day. Pure: minutes and times of day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST = 10  # academic hours of one session, and of one teaching day
DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Clock:
    """Minutes of an academic hour and of the break between two of them."""

    hour: int = 45
    pause: int = 10

    def minutes(self, hours: int) -> int:
        """How long `hours` (at least 1) in a row take, the breaks between them included: 2 hours are 100 minutes."""
        return hours * self.hour + (hours - 1) * self.pause

    def ends(self, starts: datetime, hours: int) -> datetime:
        """When a session of `hours` that begins at `starts` is over."""
        return starts + timedelta(minutes=self.minutes(hours))


@dataclass(frozen=True)
class Day:
    """The shape of a teaching day: when it begins, how many academic hours it has, and the long break.

    `lunch_after` hours the break of `lunch_minutes` stands in place of the short one; 0 or the whole day: none.
    """

    begins: time
    hours: int
    lunch_after: int = 0
    lunch_minutes: int = 0
    clock: Clock = Clock()

    def start(self, place: int) -> int:
        """Minute of the day at which the hour `place` (0 for the first) begins."""
        extra = max(0, self.lunch_minutes - self.clock.pause) if self.lunch_after and place >= self.lunch_after else 0
        first = self.begins.hour * 60 + self.begins.minute
        return first + place * (self.clock.hour + self.clock.pause) + extra

    @property
    def over(self) -> int:
        """Minute of the day at which the last hour ends; more than 24 * 60 when the day is too long."""
        return self.start(self.hours - 1) + self.clock.hour

    def breaks_before(self, place: int) -> bool:
        """Whether the long break lies before the hour `place`, so that no session runs into it."""
        return bool(self.lunch_after) and place == self.lunch_after and self.lunch_minutes > self.clock.pause

    def slot(self, day: date, place: int) -> tuple[datetime, datetime]:
        """Begin and end of the hour `place` on `day`."""
        starts = datetime.combine(day, time()) + timedelta(minutes=self.start(place))
        return starts, starts + timedelta(minutes=self.clock.hour)
