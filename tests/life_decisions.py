"""What happens to results in a life: protocols, retakes, appeals, corrections. A part of tests/test_life.py."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assessment.appealing import decide_appeal, file_appeal
from assessment.correcting import Corrected, close_correction, draft_correction
from assessment.models import Appeal, Attempt, Outcome
from assessment.retaking import open_retakes, void_retakes
from assessment.scoring import save_score
from enrollment.models import Body, Cohort, CommissionMember, Enrolment
from enrollment.ordering import Listed
from tests.factories import close_protocol, make_commission

shares = st.integers(0, 10)  # tenths of every criterion's maximum


class Decisions:
    """Events about results; the life gives `attempt`, `by`, `trainer`, `chair` and `today`."""

    by: Any
    trainer: Any
    attempt: Any
    today: Any
    order: Any

    def score(self, enrolment: Enrolment, share: int) -> bool:
        """Every criterion at this share; False when the first of them was refused."""
        kept = None
        for criterion in enrolment.cohort.rubric.criteria.all():
            points = criterion.max_points * share // 10
            kept = self.attempt(
                save_score, enrolment=enrolment, criterion=criterion, points=points, version=0, by=self.trainer
            )
            if kept is None:
                break
        return kept is not None

    def commission(self) -> list[CommissionMember]:
        make_commission(self.by)
        own = CommissionMember.objects.filter(body=Body.ATTESTATION)
        return [own.get(user=self.by), *own.filter(user=None).order_by("pk")[:2]]

    @precondition(lambda self: Cohort.objects.filter(state="assessing").exists())
    @rule(points=st.lists(shares, min_size=3, max_size=3), all_of_them=st.booleans())
    def protocol_closed(self, points: list[int], all_of_them: bool) -> None:
        cohort = Cohort.objects.filter(state="assessing").order_by("pk").first()
        assert cohort is not None
        enrolments = list(cohort.enrolments.filter(state="enrolled").select_related("cohort").order_by("pk"))
        for enrolment, share in zip(enrolments, points, strict=False):
            if not enrolment.attempts.exists():
                self.score(enrolment, share)
        out = {} if all_of_them or not enrolments else {enrolments[0].pk: "Келмеді"}
        self.attempt(close_protocol, cohort=cohort, held_on=self.today(), leave_out=out, by=self.by)

    @precondition(lambda self: Attempt.objects.filter(kind="retake", state="open").exists())
    @rule(share=shares)
    def retake_decided(self, share: int) -> None:
        """Once within a year (R6): what was decided before stays as it was."""
        retake = Attempt.objects.filter(kind="retake", state="open").select_related("enrolment__cohort").earliest("pk")
        before = list(Outcome.objects.order_by("pk").values_list("pk", "total", "ending"))
        if self.score(retake.enrolment, share):
            cohort = retake.enrolment.cohort
            others = cohort.enrolments.filter(state="enrolled")
            out = dict.fromkeys(others.values_list("pk", flat=True), "Келмеді")
            self.attempt(close_protocol, cohort=cohort, held_on=self.today(), leave_out=out, by=self.by)
        assert list(Outcome.objects.order_by("pk").values_list("pk", "total", "ending"))[: len(before)] == before

    @rule()
    def worker_looks_at_retakes(self) -> None:
        void_retakes()
        open_retakes()
        assert (open_retakes(), void_retakes()) == (0, 0)

    @precondition(lambda self: Enrolment.objects.filter(state="not_passed").exists())
    @rule(one=st.integers(0, 2), share=st.none() | shares)
    def retake_admitted_to(self, one: int, share: int | None) -> None:
        able = list(Enrolment.objects.filter(state="not_passed").order_by("-pk")[one : one + 1])
        if self.order("retake", [Listed(e) for e in able]) and share is not None and open_retakes():
            self.retake_decided(share)

    @precondition(lambda self: Outcome.objects.exists())
    @rule(which=st.integers(0, 3), end=st.sampled_from(["upheld", "upheld", "rejected", "later"]), share=shares)
    def appealed(self, which: int, end: str, share: int) -> None:
        """In time or not; the commission decides, and what it upholds is corrected."""
        for outcome in Outcome.objects.order_by("-pk")[which : which + 1]:
            listener = outcome.attempt.enrolment.listener
            self.attempt(file_appeal, outcome=outcome, words="Келіспеймін", papers=[], by=listener.user)
        if end != "later":
            self.decided(end)
            self.carried_out(share)

    def decided(self, state: str) -> None:
        for appeal in Appeal.objects.filter(state="filed").order_by("pk")[:1]:
            self.attempt(
                decide_appeal,
                appeal=appeal,
                state=state,
                decision="Себебі бар",
                held_on=self.today(),
                members=self.commission(),
                by=self.by,
            )

    def carried_out(self, share: int) -> None:
        appeal = Appeal.objects.filter(state="upheld", correction=None).order_by("pk").first()
        if appeal is None:
            return
        outcome, members = appeal.outcome, self.commission()
        cohort = outcome.protocol.cohort
        points = {c.code: c.max_points * share // 10 for c in cohort.rubric.criteria.all()}
        drafted = self.attempt(
            draft_correction,
            cohort=cohort,
            held_on=self.today(),
            members=members,
            chair=members[0],
            reason="Апелляция",
            basis="Апелляция",
            lines=[Corrected(outcome, points)],
            by=self.by,
        )
        if drafted is not None and self.attempt(close_correction, protocol=drafted, by=self.by):
            appeal.refresh_from_db()
            assert appeal.correction == drafted
