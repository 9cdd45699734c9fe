"""Who is in which cohort, and the lists by which they came."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.people import Listener
from enrollment.models.states import SEATED, EnrolmentState

if TYPE_CHECKING:
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

    def by_name(self) -> "EnrolmentQuerySet":
        """In the order of the Kazakh alphabet, with what a list shows."""
        return self.select_related("listener__employer").order_by("listener__sort_key", "pk")


class Enrolment(Stateful):
    """One listener in one cohort."""

    MOVES = {
        EnrolmentState.APPLIED: {EnrolmentState.ADMITTED, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN},
        EnrolmentState.ADMITTED: {EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN},
        EnrolmentState.ENROLLED: {
            EnrolmentState.COMPLETED,
            EnrolmentState.NOT_PASSED,
            EnrolmentState.TRANSFERRED,
            EnrolmentState.DEFERRED,
            EnrolmentState.EXPELLED,
            EnrolmentState.WITHDRAWN,
        },
    }
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="enrolments")
    listener = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="enrolments")
    state = models.CharField(
        _("state"), max_length=20, choices=EnrolmentState, default=EnrolmentState.APPLIED, editable=False
    )
    order_no = models.CharField(_("order No"), max_length=30, blank=True, editable=False)
    order_date = models.DateField(_("order date"), null=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "listener"], name="enrolment_once"),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["enrolled", "completed", "not_passed"])
                | (~Q(order_no="") & Q(order_date__isnull=False)),
                name="enrolment_by_order",
            ),
        ]
        indexes = [models.Index(fields=["cohort", "state"], name="enrolment_cohort_state")]

    def __str__(self) -> str:
        return f"{self.listener} · {self.cohort}"


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
