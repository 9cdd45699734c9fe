"""Who takes part: employers, listeners, cohorts and the enrolments that tie them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import identifiers, seals
from core.kazakh import search_key, sort_key
from core.states import Stateful
from programs.models import ProgrammeEdition, Rubric, StudyFormat

if TYPE_CHECKING:
    from accounts.models import User


class Employer(models.Model):
    name = models.CharField(_("name"), max_length=250)
    bin = models.CharField(_("BIN"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    search_key = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=800, editable=False, db_index=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["bin"], condition=~Q(bin=""), name="employer_bin_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(bin=""), name="employer_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def set_keys(self) -> None:
        """Fill the search and sort keys; bulk writers call it themselves."""
        self.search_key, self.sort_key = search_key(f"{self.name} {self.bin}")[:400], sort_key(self.name)[:800]

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.set_keys()
        super().save(*args, **kwargs)


class ConsentText(models.Model):
    """A version of the consent to the processing of personal data; a used one never changes."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version}"


class ListenerQuerySet(models.QuerySet["Listener"]):
    def visible_to(self, user: "User") -> "ListenerQuerySet":
        """Administrators see everybody, trainers the listeners of their cohorts, listeners themselves."""
        if user.is_administrator:
            return self
        mine = Q(user=user)
        if user.is_trainer:
            mine |= Q(enrolments__cohort__trainers=user)
        return self.filter(mine).distinct()

    def with_iin(self, iin: str) -> "ListenerQuerySet":
        """The listener with this IIN, found by its keyed digest."""
        return self.filter(iin_digest=seals.digest(iin))


class Listener(models.Model):
    """A person who takes part. The IIN is sealed at rest; lists show it masked."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("account"), related_name="listener"
    )
    surname = models.CharField(_("surname"), max_length=90)
    given_name = models.CharField(_("given name"), max_length=90)
    patronymic = models.CharField(_("patronymic"), max_length=90, blank=True)
    iin_sealed = models.TextField(editable=False)
    iin_digest = models.CharField(max_length=64, unique=True, editable=False)
    iin_tail = models.CharField(max_length=4, editable=False)
    position = models.CharField(_("position"), max_length=200, blank=True)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, verbose_name=_("employer"), related_name="listeners"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, blank=True, verbose_name=_("consent"))
    consented_on = models.DateField(_("consent given on"), null=True, blank=True)
    search_key = models.CharField(max_length=300, editable=False, db_index=True)
    sort_key = models.CharField(max_length=600, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["iin_sealed", "iin_digest", "search_key", "sort_key"])

    objects = ListenerQuerySet.as_manager()

    class Meta:
        verbose_name = _("listener")
        verbose_name_plural = _("listeners")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic, in the nominative as in the identity card."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def iin(self) -> str:
        """The IIN in clear, for documents that need it; never for a list, a log or an address."""
        return seals.unseal(self.iin_sealed)

    @property
    def iin_masked(self) -> str:
        """All but the last four digits hidden."""
        return identifiers.mask_iin("0" * 8 + self.iin_tail)

    def set_iin(self, iin: str) -> None:
        """Seal a checked IIN into the row."""
        self.iin_sealed, self.iin_digest, self.iin_tail = seals.seal(iin), seals.digest(iin), iin[-4:]

    def set_keys(self) -> None:
        """Fill the search and sort keys; bulk writers call it themselves."""
        self.search_key, self.sort_key = search_key(self.full_name)[:300], sort_key(self.full_name)[:600]

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.set_keys()
        super().save(*args, **kwargs)


class CohortState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open for enrolment")
    RUNNING = "running", _("running")
    ASSESSING = "assessing", _("final assessment")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: "User") -> "CohortQuerySet":
        """Administrators see all cohorts, trainers those they teach, listeners those they take part in."""
        if user.is_administrator:
            return self
        mine = Q(pk__in=Enrolment.objects.filter(listener__user=user).values("cohort"))
        if user.is_trainer:
            mine |= Q(pk__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        return self.filter(mine)


class Cohort(Stateful):
    """A group that takes one edition of the programme together (ағын)."""

    MOVES = {
        CohortState.PLANNED: {CohortState.OPEN, CohortState.CANCELLED},
        CohortState.OPEN: {CohortState.RUNNING, CohortState.PLANNED, CohortState.CANCELLED},
        CohortState.RUNNING: {CohortState.ASSESSING, CohortState.CANCELLED},
        CohortState.ASSESSING: {CohortState.CLOSED, CohortState.CANCELLED},
    }
    code = models.SlugField(_("code"), max_length=30, unique=True, help_text=_("Latin letters, digits and hyphens."))
    edition = models.ForeignKey(ProgrammeEdition, models.PROTECT, verbose_name=_("programme edition"), related_name="cohorts")
    rubric = models.ForeignKey(Rubric, models.PROTECT, verbose_name=_("rubric"), related_name="cohorts", editable=False)
    state = models.CharField(_("state"), max_length=20, choices=CohortState, default=CohortState.PLANNED, editable=False)
    study_format = models.CharField(_("format"), max_length=20, choices=StudyFormat, default=StudyFormat.FULL_TIME)
    language = models.CharField(_("language of teaching"), max_length=2, choices=settings.LANGUAGES, default="kk")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    capacity = models.PositiveSmallIntegerField(_("places"), default=25, validators=[MinValueValidator(1)])
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trainers"),
        related_name="cohorts_taught",
        blank=True,
        limit_choices_to={"is_trainer": True, "is_active": True},
    )
    history = HistoricalRecords()

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CohortState.values), name="cohort_state"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cohort_dates"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="cohort_capacity"),
        ]

    def __str__(self) -> str:
        return self.code


class EnrolmentState(models.TextChoices):
    APPLIED = "applied", _("applied")
    ADMITTED = "admitted", _("admitted")
    ENROLLED = "enrolled", _("enrolled")
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    TRANSFERRED = "transferred", _("transferred")
    DEFERRED = "deferred", _("deferred")
    EXPELLED = "expelled", _("expelled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUSED = "refused", _("refused")


# States that hold a place in the cohort.
SEATED = (
    EnrolmentState.ADMITTED,
    EnrolmentState.ENROLLED,
    EnrolmentState.COMPLETED,
    EnrolmentState.NOT_PASSED,
)


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
    state = models.CharField(_("state"), max_length=20, choices=EnrolmentState, default=EnrolmentState.APPLIED, editable=False)
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
