"""Why an order cannot be signed as it is: what the signing raises and the page of a draft shows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.errors import DomainError, Refused
from enrollment.cohorts import names_of
from enrollment.models import OrderLine


@dataclass(frozen=True)
class Complaint:
    """Why an order cannot be signed: the refusal, and the lines that it is about (none: the order itself)."""

    refusal: DomainError
    lines: tuple[OrderLine, ...] = ()
    template: str = ""  # with %(names)s

    def about(self, line: OrderLine) -> str:
        """What it says about one of its people alone."""
        return self.template % {"names": names_of([line.enrolment])} if self.template else self.refusal.sentence


Complaints = Iterator[Complaint]


def unfit(lines: Iterable[OrderLine], template: str) -> Complaints:
    """The complaint about these lines, if there are any; its sentence names them as %(names)s."""
    if those := tuple(lines):
        sentence = template % {"names": names_of(line.enrolment for line in those)}
        yield Complaint(Refused(sentence), those, template)


def asked(check: Callable[[], None], lines: Iterable[OrderLine]) -> Complaints:
    """The refusal of a check that knows of no orders, as a complaint about these lines."""
    try:
        check()
    except DomainError as refusal:
        yield Complaint(refusal, tuple(lines))
