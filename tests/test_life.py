"""The life of enrolments under whatever order of events: after every step everything that must hold, holds.

Events come by chance (Hypothesis); a table of our own says which moves an event may make. An event that is refused has
left no trace at all.
"""

import os
from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessment.models import Appeal, Attempt, Outcome, Protocol
from core.errors import DomainError
from core.models import AuditEntry
from core.states import born
from course_admin.management.commands.check_invariants import broken
from enrollment import cohorts
from enrollment.admission import admit, withdraw
from enrollment.agreeing import record_paper_agreements
from enrollment.applying import Applicant, confirm, erase_unconfirmed, submit, take_back
from enrollment.deciding import Resolved, record_decision
from enrollment.deciding_applications import admit_applicants, put_on_waiting_list, refuse_applicants
from enrollment.models import (
    Agreement,
    Application,
    Cohort,
    CohortState,
    CommissionDecision,
    DecisionLine,
    Enrolment,
    Listener,
    MovementRequest,
    Order,
    OrderKind,
    Reason,
    SupportingPaper,
    Way,
)
from enrollment.ordering import Listed, cancel_order, draft_order, sign_order
from enrollment.registers import current_consent
from enrollment.waiting import advance_waiting
from programs.models import ProgrammeEdition
from tests import factories
from tests.factories import close_protocol
from tests.life_decisions import Decisions

SOAK = int(os.environ.get("SOAK", "1"))
STEPS = 50  # in one life; 40 lives make 2,000 steps
LIVES = 40 * SOAK
# What may come of an event, apart from the code's own table: event → state before → state after.
MAY: dict[str, dict[str, str]] = {
    "enrolment": {"admitted": "enrolled"},
    "transfer": {"enrolled": "transferred", "deferred": "transferred", "not_passed": "not_passed"},
    "deferral": {"enrolled": "deferred", "not_passed": "not_passed"},
    "reinstatement": {
        "deferred": "enrolled transferred",
        "expelled": "enrolled expelled",
        "not_passed": "not_passed",
        "withdrawn": "",
        "transferred": "",
    },
    "expulsion": {"enrolled": "expelled", "deferred": "expelled"},
    "withdrawal": {"enrolled": "withdrawn", "deferred": "withdrawn"},
    "completion": {"completed": "completed"},
    "retake": {"not_passed": "not_passed"},
}
WAYS = {"transfer": Way.TRANSFER, "deferral": Way.DEFERRAL}
seen: Counter[tuple[str, str]] = Counter()  # how often each event was done and refused
people = st.integers(0, 7)
halls = st.integers(0, 3)
mostly = st.sampled_from([True, True, True, False])


class Life(Decisions, RuleBasedStateMachine):
    """Eight people, four cohorts of three places and a past one, one administrator, one trainer."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel("2026-09-01 10:00+05:00", tick=False)
        self.clock.start()
        self.number = 0

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        edition = factories.make_edition()
        self.by = factories.UserFactory(is_administrator=True)
        self.trainer = factories.UserFactory(is_trainer=True)
        self.signatory = factories.make_signatory()
        self.members = factories.make_members()
        starts = [date(2026, 8, 24), date(2026, 9, 14), date(2026, 11, 2), date(2027, 1, 11)]
        self.cohorts = [
            factories.make_cohort(
                edition=edition, code=f"L-{n}", capacity=3, starts_on=day, ends_on=day + timedelta(days=18),
                state=CohortState.RUNNING if n == 0 else CohortState.OPEN, trainers=[self.trainer],
            )
            for n, day in enumerate(starts)
        ]  # fmt: skip
        self.listeners = [factories.ListenerFactory(user=factories.UserFactory(is_listener=True)) for _ in range(8)]
        self._people_to_begin_with(edition)

    def _people_to_begin_with(self, edition: ProgrammeEdition) -> None:
        """Two enrolled in each of two cohorts; one who has completed a past one, and two who did not pass it."""
        for n in range(4):
            factories.make_enrolment(cohort=self.cohorts[n % 2], listener=self.listeners[n])
        past = factories.make_cohort(
            edition=edition, code="PAST", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 21),
            state=CohortState.ASSESSING, trainers=[self.trainer],
        )  # fmt: skip
        for n, share in ((5, 3), (6, 4), (7, 9)):
            enrolment = factories.make_enrolment(cohort=past, listener=self.listeners[n])
            points = [criterion.max_points * share // 10 for criterion in past.rubric.criteria.all()]
            factories.make_scores(enrolment, points, by=self.trainer)
        close_protocol(cohort=past, held_on=date(2026, 8, 22), leave_out={}, by=self.by)

    # --- Helpers ----------------------------------------------------------------------------------

    def world(self) -> list[object]:
        """Everything that an event could have touched."""
        return [
            *Enrolment.objects.order_by("pk").values_list("pk", "state", "order", "deferred_until"),
            Order.objects.count(),
            AuditEntry.objects.count(),
            Agreement.objects.count(),
            *MovementRequest.objects.order_by("pk").values_list("state", flat=True),
            *Cohort.objects.order_by("pk").values_list("state", flat=True),
            *Attempt.objects.order_by("pk").values_list("pk", "state"),
            *Appeal.objects.order_by("pk").values_list("state", flat=True),
            *Protocol.objects.order_by("pk").values_list("state", flat=True),
            Outcome.objects.count(),
        ]

    def attempt(self, deed, **arguments):  # type: ignore[no-untyped-def]
        """What the deed gives; None when it is refused, and then nothing has changed."""
        before = self.world()
        try:
            with transaction.atomic():
                done = deed(**arguments)
            seen[deed.__name__, "done"] += 1
            return done
        except DomainError as refused:
            refusal = refused
        seen[deed.__name__, "refused"] += 1
        assert refusal.sentence
        assert self.world() == before
        return None

    def of(self, person: int) -> Enrolment | None:
        """The person's latest enrolment."""
        return Enrolment.objects.filter(listener=self.listeners[person]).order_by("pk").last()

    def today(self) -> date:
        from django.utils import timezone

        return timezone.localdate()

    def order(self, kind: str, chosen: list[Listed], decision: CommissionDecision | None = None) -> Order | None:
        """Sign an order; each person's state afterwards is one that MAY allows."""
        self.number += 1
        before = {one.enrolment.pk: one.enrolment.state for one in chosen}

        def deed() -> Order:
            order = draft_order(
                kind=kind, number=str(self.number), date=self.today(), signatory=self.signatory, people=chosen,
                basis="Өтініш", decision=decision, by=self.by,
            )  # fmt: skip
            return sign_order(order=order, by=self.by)

        deed.__name__ = f"order of {kind}"
        order = self.attempt(deed)
        if order is not None:
            for enrolment in Enrolment.objects.filter(pk__in=before):
                assert enrolment.state in MAY[kind][before[enrolment.pk]].split(), (kind, before, enrolment.state)
        return order

    def request(self, enrolment: Enrolment, way: str) -> MovementRequest | None:
        """A request with a paper, unless one is open."""
        if MovementRequest.objects.filter(enrolment=enrolment, state="filed").exists():
            return MovementRequest.objects.filter(enrolment=enrolment, state="filed").get()
        request = MovementRequest.objects.create(
            enrolment=enrolment, way=way, reason=Reason.FAMILY, words="…", filed_by=self.by,
            until=self.today() + timedelta(days=60) if way == Way.DEFERRAL else None,
        )  # fmt: skip
        born([request], by=self.by)
        SupportingPaper.objects.create(
            request=request, name="a.pdf", file="", content_type="application/pdf", size=1, sha256="0" * 64,
            uploaded_by=self.by,
        )  # fmt: skip
        return request

    # --- Events -----------------------------------------------------------------------------------

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.clock.stop()
        then = self.now = getattr(self, "now", date(2026, 9, 1)) + timedelta(days=days)
        self.clock = time_machine.travel(f"{then.isoformat()} 10:00+05:00", tick=False)
        self.clock.start()
        erase_unconfirmed()  # as the worker does

    @rule(person=people, hall=halls)
    def applies(self, person: int, hall: int) -> None:
        listener = Listener.objects.get(pk=self.listeners[person].pk)
        applicant = Applicant(
            iin=listener.iin, surname=listener.surname, given_name=listener.given_name,
            patronymic=listener.patronymic, email=listener.email,
        )  # fmt: skip
        application = self.attempt(
            submit, cohort=self.cohorts[hall], applicant=applicant, consent=current_consent(), publication=False,
            language="kk",
        )  # fmt: skip
        if application is not None:
            self.attempt(confirm, application=application)

    @precondition(lambda self: Enrolment.objects.filter(state__in=("applied", "waiting")).exists())
    @rule(person=people)
    def takes_back(self, person: int) -> None:
        theirs = Application.objects.filter(iin_digest=self.listeners[person].iin_digest).order_by("pk").last()
        if theirs is not None:
            self.attempt(take_back, application=theirs)

    @precondition(lambda self: Enrolment.objects.filter(state="applied").exists())
    @rule(verb=st.sampled_from([admit_applicants, admit_applicants, put_on_waiting_list, refuse_applicants]))
    def applications_decided(self, verb) -> None:  # type: ignore[no-untyped-def]
        asking = list(Enrolment.objects.filter(state="applied").order_by("pk"))
        more = {"reason": "Құжаттар сәйкес келмейді"} if verb is refuse_applicants else {}
        done = self.attempt(verb, enrolments=asking, by=self.by, **more)
        if verb is admit_applicants and done is not None:
            record_paper_agreements(enrolments=done.admitted, dated_on=self.today(), by=self.by)

    @precondition(lambda self: Enrolment.objects.filter(state="waiting").exists())
    @rule()
    def waiting_list_moves(self) -> None:
        self.attempt(advance_waiting)
        left = Cohort.objects.with_people_waiting().values_list("pk", flat=True)
        for enrolment in Enrolment.objects.filter(state="waiting", cohort__in=left):
            other = Enrolment.objects.filter(listener=enrolment.listener_id, state__in=("admitted", "enrolled"))
            assert other.exists()  # only who has a place elsewhere is passed over

    @rule(chosen=st.lists(people, min_size=1, max_size=4, unique=True), hall=halls)
    def admitted(self, chosen: list[int], hall: int) -> None:
        admitted = self.attempt(
            admit, cohort=self.cohorts[hall], listeners=[self.listeners[n] for n in chosen], by=self.by
        )
        if admitted:
            record_paper_agreements(enrolments=admitted[1:] or admitted, dated_on=self.today(), by=self.by)

    @rule(person=people)
    def agrees(self, person: int) -> None:
        if enrolment := self.of(person):
            self.attempt(record_paper_agreements, enrolments=[enrolment], dated_on=self.today(), by=self.by)

    @rule(person=people)
    def leaves_before_an_order(self, person: int) -> None:
        if enrolment := self.of(person):
            before = enrolment.state
            if self.attempt(withdraw, enrolment=enrolment, reason="Ауырды", by=self.by):
                assert before in ("applied", "waiting", "admitted")

    @precondition(lambda self: Enrolment.objects.filter(state="admitted").exists())
    @rule(agreed=mostly)
    def cohort_enrolled(self, agreed: bool) -> None:
        waiting = Enrolment.objects.filter(state="admitted").order_by("pk")
        cohort = waiting[0].cohort
        chosen = cohort.enrolments.filter(state="admitted", **{"agreement__isnull": False} if agreed else {})
        self.order("enrolment", [Listed(e) for e in chosen])

    @rule(
        kind=st.sampled_from([k for k in OrderKind.values if k not in ("cancellation",)]),
        chosen=st.lists(people, min_size=1, max_size=3, unique=True),
        hall=st.none() | halls,
        days=st.none() | st.integers(1, 400),
        asked=mostly,
        decided=st.sampled_from(["expel", "expel", "expel", *DecisionLine.Resolution.values]),
        fitting=mostly,
    )
    def ordered(self, kind, chosen, hall, days, asked, decided, fitting) -> None:  # type: ignore[no-untyped-def]
        enrolments = [e for n in chosen if (e := self.of(n))]
        if fitting:  # by chance alone hardly any order would be carried out
            enrolments = list(Enrolment.objects.filter(state__in=MAY[kind]).order_by("-pk")[: len(chosen)])
        listed = [
            Listed(
                e,
                cohort=None if hall is None else self.cohorts[hall],
                until=None if days is None else self.today() + timedelta(days=days),
                request=self.request(e, WAYS[kind]) if asked and kind in WAYS else None,
            )
            for e in enrolments
        ]
        decision = None
        if kind == "expulsion" and asked:
            self.number += 1
            about = list(dict.fromkeys(enrolments))[: 1 if decided == "keep" else None]
            decision = self.attempt(
                record_decision, number=str(self.number), held_on=self.today(), question="?", decision="!",
                members=self.members, people=[Resolved(e, decided, "Себеп") for e in about], by=self.by,
            )  # fmt: skip
        order = self.order(kind, listed, decision)
        if order is not None and kind == "expulsion":
            assert decision is not None
            assert decided == "expel"  # R10

    @rule(kind=st.sampled_from(["transfer", "transfer", "reinstatement", "retake"]), hall=halls, one=st.integers(0, 2))
    def led_on(self, kind: str, hall: int, one: int) -> None:
        """Into another cohort: one person for whom the kind of order is made."""
        able = list(Enrolment.objects.filter(state__in=MAY[kind]).order_by("-pk")[one : one + 1])
        asked = {e.pk: self.request(e, WAYS[kind]) if kind in WAYS else None for e in able}
        self.order(kind, [Listed(e, cohort=self.cohorts[hall], request=asked[e.pk]) for e in able])

    @rule(kind=st.sampled_from(["deferral", "withdrawal", "expulsion"]), days=st.integers(1, 300))
    def paused(self, kind: str, days: int) -> None:
        """Out of the cohort for some time, or for good without a decision (R10)."""
        able = list(Enrolment.objects.filter(state__in=MAY[kind]).order_by("pk")[:1])
        asked = {e.pk: self.request(e, WAYS[kind]) if kind in WAYS else None for e in able}
        until = self.today() + timedelta(days=days) if kind == "deferral" else None
        self.order(kind, [Listed(e, until=until, request=asked[e.pk]) for e in able])

    @rule(which=st.integers(0, 30))
    def order_cancelled(self, which: int) -> None:
        signed = list(Order.objects.filter(state="signed").order_by("-pk")[:30])
        if which < len(signed):
            self.number += 1
            was = {line.enrolment_id: (line.from_state, line.to_state) for line in signed[which].lines.all()}
            done = self.attempt(
                cancel_order, order=signed[which], number=str(self.number), date=self.today(),
                signatory=self.signatory, basis="Қате", by=self.by,
            )  # fmt: skip
            if done is not None:
                for enrolment in Enrolment.objects.filter(pk__in=was):
                    assert enrolment.state == was[enrolment.pk][0] or not was[enrolment.pk][1]

    @rule(hall=halls)
    def cohort_moves_on(self, hall: int) -> None:
        cohort = Cohort.objects.get(pk=self.cohorts[hall].pk)
        verb = {"open": cohorts.start, "running": cohorts.begin_assessment, "assessing": cohorts.close}.get(
            cohort.state
        )
        if verb:
            self.attempt(verb, cohort=cohort, by=self.by)

    # --- What must hold ---------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        # No worker runs here, so nobody has a support plan yet (R12).
        assert [line for line in broken() if not line.startswith("R12")] == []

    @invariant()
    def nobody_is_in_two_cohorts_at_once(self) -> None:
        here = Enrolment.objects.filter(
            state__in=("admitted", "enrolled"), cohort__state__in=("open", "running", "assessing")
        )
        listeners = list(here.values_list("listener", flat=True))
        assert len(listeners) == len(set(listeners))


@pytest.mark.soak
@pytest.mark.django_db
def test_whole_life_under_any_order_of_events():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=SOAK == 1, print_blob=True,
        ),
    )  # fmt: skip
    # What is hardly ever done, or hardly ever refused, would prove little.
    orders = {f"order of {kind}" for kind in MAY}
    ends = Counter(end for deed, end in seen.elements() if deed in orders)
    assert min(ends["done"], ends["refused"]) >= 20, seen
    for deed in ("close_protocol", "file_appeal", "decide_appeal", "close_correction"):
        assert seen[deed, "done"] >= 5, (deed, seen)
