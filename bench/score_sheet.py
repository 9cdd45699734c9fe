"""The score sheet against a constant view, both as a signed-in trainer, at three sizes of a cohort."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.test import Client

from bench.measure import Row, compare
from bench.pages import CONSTANT, application, getter
from enrollment.models import CohortState
from programs.models import ProgrammeEdition
from tests import factories

SIZES = (25, 100, 200)


def cookies(client: Client) -> str:
    """A client's cookies as one header."""
    jar: SimpleCookie = client.cookies
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def rows() -> Iterator[Row]:
    """One row for each size."""
    handler = application()
    trainer = factories.UserFactory(is_trainer=True)
    client = Client()
    client.force_login(trainer)
    header = cookies(client)
    nothing = getter(handler, lambda: CONSTANT, header)
    for size in SIZES:
        cohort = factories.make_cohort(
            edition=ProgrammeEdition.objects.get(),
            state=CohortState.ASSESSING,
            code=f"K-{size}",
            capacity=size,
            trainers=[trainer],
        )
        for _ in range(size):
            factories.make_scores(factories.make_enrolment(cohort=cohort), [18, 20, 12, 25, 8], by=trainer)
        page = getter(handler, lambda pk=cohort.pk: f"/trainer/cohorts/{pk}/scores/", header)
        yield compare(f"score sheet, {size} listeners", page, "constant view", nothing, times=20)
