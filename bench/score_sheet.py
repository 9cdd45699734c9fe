"""The score sheet at three sizes of a cohort: page, one cell saved, all cells in one request.

The page is compared with a constant view. The others are compared with themselves at 25 listeners, so that a ratio of 1
means that the cost grows no faster than the listeners; a single cell must not grow at all.
"""

import json
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

from django.test import Client

from accounts.models import User
from bench.measure import Row, compare
from bench.pages import CONSTANT, application, getter
from enrollment.models import Cohort, CohortState
from programs.models import ProgrammeEdition
from tests import factories

SIZES = (25, 100, 200)


def cookies(client: Client) -> str:
    """A client's cookies as one header."""
    jar: SimpleCookie = client.cookies
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def _cohort(size: int, trainer: User) -> Cohort:
    cohort = factories.make_cohort(
        edition=ProgrammeEdition.objects.get(),
        state=CohortState.ASSESSING,
        code=f"K-{size}",
        capacity=size,
        trainers=[trainer],
    )
    for _ in range(size):
        factories.make_scores(factories.make_enrolment(cohort=cohort), [18, 20, 12, 25, 8], by=trainer)
    return cohort


class Cells:
    """All cells of a cohort with their versions, and what a browser sends to change them."""

    def __init__(self, cohort: Cohort, client: Client) -> None:
        self.cohort, self.client, self.turn = cohort, client, 0
        self.answer = client.get(f"/trainer/cohorts/{cohort.pk}/scores/changes/").json()["cells"]

    def _post(self, name: str, body: Any) -> Any:
        path = f"/trainer/cohorts/{self.cohort.pk}/scores/{name}/"
        response = self.client.post(path, json.dumps(body), "application/json")
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        return response.json()

    def one(self) -> None:
        """Change one cell."""
        self.turn += 1
        cell = self.answer[self.turn % len(self.answer)]
        points = 1 + (cell[2] or 0) % 5
        body = {"enrolment": cell[0], "criterion": cell[1], "points": points, "version": cell[3]}
        cell[2], cell[3] = points, self._post("save", body)["version"]

    def all(self) -> None:
        """Change every cell in one request."""
        self.turn += 1
        entries = [
            {"enrolment": c[0], "criterion": c[1], "points": 1 + (c[2] or 0) % 5, "version": c[3]} for c in self.answer
        ]
        for cell, entry, result in zip(
            self.answer, entries, self._post("save-many", {"entries": entries})["results"], strict=True
        ):
            cell[2], cell[3] = entry["points"], result["version"]


def rows() -> Iterator[Row]:
    """The page against a constant view; then each other cost against that of 25 listeners, per listener."""
    handler = application()
    trainer = factories.UserFactory(is_trainer=True)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(trainer)
    header = cookies(client)
    nothing = getter(handler, lambda: CONSTANT, header)
    cohorts = {size: _cohort(size, trainer) for size in SIZES}
    for size, cohort in cohorts.items():
        page = getter(handler, lambda pk=cohort.pk: f"/trainer/cohorts/{pk}/scores/", header)
        yield compare(f"score sheet, {size} listeners", page, "constant view", nothing, times=20)
    cells = {size: Cells(cohort, client) for size, cohort in cohorts.items()}
    acts: dict[str, Callable[[Cells], Callable[[], None]]] = {
        "one cell saved": lambda held: held.one,
        "all cells in one request": lambda held: held.all,
    }
    for name, act in acts.items():
        for size in SIZES[1:]:
            few, many = act(cells[SIZES[0]]), act(cells[size])
            shares = 1 if name == "one cell saved" else size // SIZES[0]
            yield compare(
                f"{name}, {size} listeners", many, f"{shares} × {SIZES[0]} listeners", _times(few, shares), times=5
            )


def _times(act: Callable[[], None], count: int) -> Callable[[], None]:
    """The same act several times over."""

    def do() -> None:
        for _ in range(count):
            act()

    return do
