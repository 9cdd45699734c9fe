"""What people write when they ask for a place, as they wrote it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import identifiers, seals
from enrollment.models.cohorts import Cohort
from enrollment.models.enrolments import Enrolment
from enrollment.models.people import ConsentText

if TYPE_CHECKING:
    from accounts.models import User


class GroupApplication(models.Model):
    """An employer's list of people for one cohort. Each of them is asked by letter before anything counts."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="group_applications")
    employer_name = models.CharField(_("employer"), max_length=250)
    employer_bin = models.CharField(_("BIN"), max_length=12, blank=True)
    contact_name = models.CharField(_("who applies"), max_length=120)
    contact_email = models.EmailField(_("e-mail"))
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language of letters"), max_length=2, choices=settings.LANGUAGES, default="kk")
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("group application")
        verbose_name_plural = _("group applications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.employer_name} · {self.cohort}"

    @property
    def key(self) -> str:
        """The secret part of the address by which the employer follows the list."""
        return signing.dumps(self.pk, salt="group-application")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """Administrators see every application; applicants follow theirs by the address in their letter."""
        return self if user.is_authenticated and user.is_administrator else self.none()

    def unconfirmed(self) -> "ApplicationQuerySet":
        """Whose e-mail nobody has confirmed yet."""
        return self.filter(confirmed_at=None)


class Application(models.Model):
    """What one person wrote to ask for a place (өтініш), kept as written; the enrolment tells what became of it.

    It counts once the person has followed the link in the letter (`confirmed_at`), which gives it its enrolment. What
    nobody confirms is erased. The IIN is sealed as a listener's is.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="applications")
    group = models.ForeignKey(
        GroupApplication, models.PROTECT, null=True, verbose_name=_("group application"), related_name="applications"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, verbose_name=_("enrolment"), related_name="applications"
    )
    surname = models.CharField(_("surname"), max_length=90)
    given_name = models.CharField(_("given name"), max_length=90)
    patronymic = models.CharField(_("patronymic"), max_length=90, blank=True)
    iin_sealed = models.TextField(editable=False)
    iin_digest = models.CharField(max_length=64, editable=False, db_index=True)
    iin_tail = models.CharField(max_length=4, editable=False)
    position = models.CharField(_("job title"), max_length=200, blank=True)
    employer_name = models.CharField(_("employer"), max_length=250, blank=True)
    employer_bin = models.CharField(_("BIN"), max_length=12, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language of letters"), max_length=2, choices=settings.LANGUAGES, default="kk")
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, verbose_name=_("consent"), related_name="+")
    consented_at = models.DateTimeField(_("consent given at"), null=True)
    publication_consented = models.BooleanField(_("agrees to publication on the verification page"), default=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("e-mail confirmed at"), null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(enrolment__isnull=False), name="application_once_an_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | (Q(consent__isnull=False) & Q(consented_at__isnull=False)),
                name="application_with_consent",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(confirmed_at=None), name="application_unconfirmed")]

    def __str__(self) -> str:
        return f"{self.full_name} · {self.cohort}"

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic, as written."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def iin(self) -> str:
        """The IIN in clear; never for a list, a log or an address."""
        return seals.unseal(self.iin_sealed)

    @property
    def iin_masked(self) -> str:
        """All but the last four digits hidden."""
        return identifiers.mask_iin("0" * 8 + self.iin_tail)

    def set_iin(self, iin: str) -> None:
        """Seal a checked IIN into the row."""
        self.iin_sealed, self.iin_digest, self.iin_tail = seals.seal(iin), seals.digest(iin), iin[-4:]

    @property
    def key(self) -> str:
        """The secret part of the address by which the applicant confirms and follows it."""
        return signing.dumps(self.pk, salt="application")
