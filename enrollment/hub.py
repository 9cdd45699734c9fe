"""What the page of a cohort shows: its people, its figures, and what can be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.kazakh import search_key
from enrollment import cohorts
from enrollment.models import (
    SEATED,
    TAKES_PEOPLE,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Order,
    OrderLine,
    OrderState,
)
from enrollment.options import WITH_WAYS

PER_PAGE = 100
TRAIL = 10
ORDERS = 20


@dataclass(frozen=True)
class Step:
    """One way on from a cohort's state: a page to open, or a verb to carry out at once."""

    name: str
    label: object
    hint: object
    verb: Callable[..., Cohort] | None = None  # None: the step is a page of its own

    @property
    def is_page(self) -> bool:
        """Whether the step is a page of its own. (A template would call `verb`.)"""
        return self.verb is None

    @property
    def address(self) -> str:
        """The URL name of the step's page."""
        return f"admin:enrollment_cohort_{self.name}"


STEPS = {
    step.name: step
    for step in (
        Step(
            "open", gettext_lazy("Open the cohort"), gettext_lazy("People can then be admitted."), cohorts.open_cohort
        ),
        Step(
            "applications",
            gettext_lazy("Decide applications"),
            gettext_lazy("Who has applied, and the waiting list."),
        ),
        Step("import", gettext_lazy("Import a list"), gettext_lazy("From XLSX or CSV, looked through first.")),
        Step("admit", gettext_lazy("Admit from the register"), gettext_lazy("People who are known already.")),
        Step(
            "agreements",
            gettext_lazy("Agreements"),
            gettext_lazy("Who has accepted one or signed on paper, and who has none yet."),
        ),
        Step(
            "enrol",
            gettext_lazy("Enrol by an order"),
            gettext_lazy("Those admitted, with the order's number and date."),
        ),
        Step("orders", gettext_lazy("Orders"), gettext_lazy("Transfer, deferral, expulsion, completion and others.")),
        Step("invite", gettext_lazy("Send invitations"), gettext_lazy("Letters to those who have no account yet.")),
        Step("start", gettext_lazy("Start the course"), gettext_lazy("The first day has come."), cohorts.start),
        Step(
            "assess",
            gettext_lazy("Begin the final assessment"),
            gettext_lazy("Dates, edition and rubric are then frozen."),
            cohorts.begin_assessment,
        ),
        Step("close", gettext_lazy("Close the cohort"), gettext_lazy("Everybody has an outcome."), cohorts.close),
        Step("cancel", gettext_lazy("Cancel the cohort"), gettext_lazy("With a reason; everybody leaves it.")),
    )
}
BY_STATE: dict[str, tuple[str, ...]] = {
    CohortState.PLANNED: ("open", "cancel"),
    CohortState.OPEN: ("applications", "import", "admit", "agreements", "enrol", "orders", "invite", "start", "cancel"),
    CohortState.RUNNING: (
        *("assess", "applications", "import", "admit", "agreements", "enrol", "orders", "invite", "cancel"),
    ),
    CohortState.ASSESSING: ("agreements", "orders", "invite", "close", "cancel"),
    CohortState.CLOSED: ("agreements", "orders"),
    CohortState.CANCELLED: (),
}


def figures(cohort: Cohort) -> dict[str, int]:
    """How many people are in each state of enrolment; states nobody is in are left out."""
    counted = cohort.enrolments.order_by().values_list("state").annotate(Count("pk"))
    return dict(counted)


def next_step(cohort: Cohort, counted: dict[str, int]) -> str:
    """The step that the page offers first; empty when none is left."""
    if cohort.state in TAKES_PEOPLE and counted.get(EnrolmentState.APPLIED):
        return "applications"
    if cohort.state == CohortState.OPEN:
        if counted.get(EnrolmentState.ADMITTED):
            return "enrol"
        return "start" if counted.get(EnrolmentState.ENROLLED) else "import"
    if cohort.state == CohortState.ASSESSING:
        return "close" if not sum(counted.get(state, 0) for state in cohorts.UNDECIDED) else ""
    if cohort.state == CohortState.CLOSED:
        return ""
    steps = BY_STATE[cohort.state]
    return steps[0] if steps else ""


class PeopleFilter(django_filters.FilterSet):
    """Somebody in a long list."""

    name = django_filters.CharFilter(label=gettext_lazy("Surname or name"), method="by_name")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=EnrolmentState, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def by_name(self, queryset: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """Every word of the name, in any order; ә/а and the like are not told apart."""
        for word in search_key(value).split():
            queryset = queryset.filter(listener__search_key__contains=word)
        return queryset


def gather(cohort: Cohort, asked: QueryDict, user: User) -> dict[str, Any]:
    """Everything that the page shows, in a number of queries that does not depend on how many people there are."""
    counted = figures(cohort)
    people = PeopleFilter(asked, Enrolment.objects.visible_to(user).filter(cohort=cohort).by_name())
    first = next_step(cohort, counted)
    page = Paginator(people.qs.select_related("listener__employer", "listener__user", "agreement"), PER_PAGE).get_page(
        asked.get("people_page")
    )
    over = cohort.state in (CohortState.CLOSED, CohortState.CANCELLED)
    return {
        "cohort": cohort,
        "figures": [(state.value, state.label, counted[state]) for state in EnrolmentState if state in counted],
        "to_decide": cohort.applications.to_decide().count(),
        "waiting": counted.get(EnrolmentState.WAITING, 0),
        "seated": sum(counted.get(state, 0) for state in SEATED),
        "without_agreement": cohort.enrolments.without_agreement().count(),
        "people_form": people.form,
        "people": page,
        "page_numbers": list(page.paginator.get_elided_page_range(page.number)),
        "people_query": _kept(asked),
        "is_people_filtered": any(asked.get(name) for name in ("name", "state")),
        "with_ways": WITH_WAYS,
        "leavable": () if over else cohorts.BEFORE_AN_ORDER,
        "first_step": STEPS.get(first),
        "steps": [STEPS[name] for name in BY_STATE[cohort.state] if name not in (first, "cancel")],
        "can_cancel": "cancel" in BY_STATE[cohort.state],
        "trail": _trail(cohort),
        "orders": orders_of(Enrolment.objects.filter(cohort=cohort)),
    }


def orders_of(people: QuerySet[Enrolment]) -> list[Order]:
    """The latest orders in which somebody of these stands, drafts among them, with `line_count`; one query."""
    listed = OrderLine.objects.filter(Q(enrolment__in=people) | Q(opened__in=people)).values("order")
    orders = Order.objects.filter(pk__in=listed).exclude(state=OrderState.DISCARDED)
    return list(orders.select_related("signatory").annotate(line_count=Count("lines"))[:ORDERS])


def _kept(asked: QueryDict) -> str:
    """The filter as it stands in the addresses of the other pages of the list."""
    kept = {name: asked.get(name, "") for name in ("name", "state") if asked.get(name)}
    return f"{urlencode(kept)}&" if kept else ""


def _trail(cohort: Cohort) -> list[dict[str, Any]]:
    """The latest state changes, with the states in words."""
    labels = dict(CohortState.choices)
    return [
        {"entry": entry, "from_label": labels.get(entry.from_state, ""), "to_label": labels.get(entry.to_state, "")}
        for entry in cohort.audit_trail()[:TRAIL]
    ]
