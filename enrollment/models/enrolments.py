"""Who is in which cohort, and the lists by which they came."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.people import Listener
from enrollment.models.states import SEATED, STUDYING, TO_AGREE, EnrolmentState

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: "User") -> "EnrolmentQuerySet":
        """Administrators see all, trainers those of their cohorts, listeners their own."""
        if user.is_administrator:
            return self
        mine = Q(listener__user=user)
        if user.is_trainer:
            mine |= Q(cohort__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        return self.filter(mine)

    def seated(self) -> "EnrolmentQuerySet":
        """Those that hold a place."""
        return self.filter(state__in=SEATED)

    def without_agreement(self) -> "EnrolmentQuerySet":
        """Those who take part or are about to, and whose course agreement is neither accepted nor on file."""
        return self.filter(state__in=TO_AGREE, agreement=None)

    def with_materials(self) -> "EnrolmentQuerySet":
        """Those for whom the materials of their edition are open: agreed, and neither gone nor expelled."""
        return self.filter(state__in=STUDYING, agreement__isnull=False)

    def by_name(self) -> "EnrolmentQuerySet":
        """In the order of the Kazakh alphabet, with what a list shows."""
        return self.select_related("listener__employer", "order").order_by("listener__sort_key", "pk")


class Enrolment(Stateful):
    """One listener in one cohort."""

    # The ways back (to admitted, to enrolled) are those of orders that are cancelled, and of reinstatement. Who left
    # or was refused before any order may apply again.
    MOVES = {
        EnrolmentState.APPLIED: {
            EnrolmentState.WAITING,
            EnrolmentState.ADMITTED,
            EnrolmentState.REFUSED,
            EnrolmentState.WITHDRAWN,
        },
        EnrolmentState.WAITING: {EnrolmentState.ADMITTED, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN},
        EnrolmentState.ADMITTED: {EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN},
        EnrolmentState.ENROLLED: {
            EnrolmentState.ADMITTED,
            EnrolmentState.COMPLETED,
            EnrolmentState.NOT_PASSED,
            EnrolmentState.TRANSFERRED,
            EnrolmentState.DEFERRED,
            EnrolmentState.EXPELLED,
            EnrolmentState.WITHDRAWN,
        },
        EnrolmentState.DEFERRED: {
            EnrolmentState.ENROLLED,
            EnrolmentState.TRANSFERRED,
            EnrolmentState.EXPELLED,
            EnrolmentState.WITHDRAWN,
        },
        EnrolmentState.TRANSFERRED: {EnrolmentState.ENROLLED, EnrolmentState.DEFERRED},
        EnrolmentState.EXPELLED: {EnrolmentState.ENROLLED, EnrolmentState.DEFERRED},
        EnrolmentState.WITHDRAWN: {EnrolmentState.ENROLLED, EnrolmentState.DEFERRED, EnrolmentState.APPLIED},
        EnrolmentState.REFUSED: {EnrolmentState.APPLIED},
        # Decided stays decided, unless a protocol decides anew: a retake that is passed (R6), a correction.
        EnrolmentState.NOT_PASSED: {EnrolmentState.COMPLETED},
        EnrolmentState.COMPLETED: {EnrolmentState.NOT_PASSED},
    }
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="enrolments")
    listener = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="enrolments")
    state = models.CharField(
        _("state"), max_length=20, choices=EnrolmentState, default=EnrolmentState.APPLIED, editable=False
    )
    order = models.ForeignKey(
        "enrollment.Order",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("order"),
        related_name="enrolled",
        help_text=_("The order by which the person is in the cohort."),
    )
    origin = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("continues"),
        related_name="continued_by",
        help_text=_("The earlier enrolment whose attendance and work go along."),
    )
    waiting_since = models.DateTimeField(_("on the waiting list since"), null=True, editable=False)
    deferred_until = models.DateField(_("deferred until"), null=True, editable=False)
    decided_on = models.DateField(_("final attestation decided on"), null=True, editable=False)
    retaken_on = models.DateField(_("retake decided on"), null=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "listener"], name="enrolment_once"),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["enrolled", "completed", "not_passed"]) | Q(order__isnull=False),
                name="enrolment_by_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False), name="enrolment_waiting_since"
            ),
            models.CheckConstraint(condition=~Q(origin=F("id")), name="enrolment_not_its_own_origin"),
        ]
        indexes = [
            models.Index(fields=["cohort", "state"], name="enrolment_cohort_state"),
            models.Index(fields=["waiting_since"], condition=Q(state="waiting"), name="enrolment_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.listener} · {self.cohort}"

    @property
    def order_no(self) -> str:
        """The number of the order by which the person is in the cohort; empty without one."""
        return self.order.number if self.order else ""

    @property
    def order_date(self) -> "date | None":
        """The date of that order."""
        return self.order.date if self.order else None

    @property
    def has_agreement(self) -> bool:
        """Whether the course agreement is accepted or on file, now or for what this continues; materials open then.

        No query where the row was read with `select_related("agreement")`.
        """
        return hasattr(self, "agreement")

    @property
    def may_accept(self) -> bool:
        """Whether the listener can still accept the agreement in the cabinet."""
        return self.state in TO_AGREE and not self.has_agreement


class ListenerImport(models.Model):
    """An uploaded list between its preview and its import; sealed, and erased once it is done with."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    filename = models.CharField(max_length=200)
    content_sealed = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("listener import")
        verbose_name_plural = _("listener imports")

    def __str__(self) -> str:
        return self.filename
