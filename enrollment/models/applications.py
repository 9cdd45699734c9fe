"""What people write when they ask for a place, as they wrote it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import identifiers, seals
from core.kazakh import search_key
from enrollment.identity import same_name
from enrollment.models.cohorts import Cohort
from enrollment.models.enrolments import Enrolment
from enrollment.models.people import ConsentText
from enrollment.models.states import EnrolmentState

if TYPE_CHECKING:
    from accounts.models import User

# A letter may wait over a week-end or a week of illness; whoever has not answered by then is not ours to remember.
KEPT_UNCONFIRMED = timedelta(days=7)


def _signer(salt: str) -> Signer:
    return Signer(salt=salt, sep=".")


def _signed(key: str, salt: str) -> int:
    """The number that our own signature vouches for; 0 for a key that we have not made."""
    try:
        return int(_signer(salt).unsign(key))
    except BadSignature:
        return 0


class GroupApplicationQuerySet(models.QuerySet["GroupApplication"]):
    def visible_to(self, user: "User") -> "GroupApplicationQuerySet":
        """Administrators see every list; employers follow theirs by the address in their letter."""
        return self if user.is_authenticated and user.is_administrator else self.none()

    def with_key(self, key: str) -> "GroupApplicationQuerySet":
        """The list whose secret address this is; nothing for a key that is not ours."""
        return self.filter(pk=_signed(key, "group-application"))

    def expired(self, now: datetime) -> "GroupApplicationQuerySet":
        """Those of which nobody is left to wait for."""
        return self.filter(applications=None, created_at__lt=now - KEPT_UNCONFIRMED)


class GroupApplication(models.Model):
    """An employer's list of people for one cohort.

    It counts once whoever sent it has followed the link in the letter (`confirmed_at`): only then is each person of it
    asked by a letter of their own, so that the form cannot be used to write to strangers.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="group_applications")
    employer_name = models.CharField(_("employer"), max_length=250)
    employer_bin = models.CharField(_("BIN"), max_length=12, blank=True)
    contact_name = models.CharField(_("who applies"), max_length=120)
    contact_email = models.EmailField(_("e-mail"))
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language of letters"), max_length=2, choices=settings.LANGUAGES, default="kk")
    people = models.PositiveSmallIntegerField(_("people in the list"), default=0)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("e-mail confirmed at"), null=True)

    objects = GroupApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("group application")
        verbose_name_plural = _("group applications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.employer_name} · {self.cohort}"

    @staticmethod
    def is_key(key: str) -> bool:
        """Whether we have made this key, be the list still there or not."""
        return _signed(key, "group-application") > 0

    @property
    def key(self) -> str:
        """The secret part of the address by which the employer follows the list."""
        return _signer("group-application").sign(str(self.pk))


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """Administrators see every application; applicants follow theirs by the address in their letter."""
        return self if user.is_authenticated and user.is_administrator else self.none()

    def with_key(self, key: str) -> "ApplicationQuerySet":
        """The application whose secret address this is; nothing for a key that is not ours."""
        return self.filter(pk=_signed(key, "application"))

    def expired(self, now: datetime) -> "ApplicationQuerySet":
        """Whom nobody has confirmed in time; for people of a list the time begins when they are written to."""
        limit = now - KEPT_UNCONFIRMED
        alone = Q(group=None, created_at__lt=limit)
        unsent = Q(group__confirmed_at=None, group__created_at__lt=limit)
        return self.filter(alone | unsent | Q(group__confirmed_at__lt=limit), confirmed_at=None)

    def held(self) -> "ApplicationQuerySet":
        """Confirmed, but somebody must look at it before it counts: see `applying.confirm`."""
        return self.filter(confirmed_at__isnull=False, enrolment=None, set_aside_at=None)

    def to_decide(self) -> "ApplicationQuerySet":
        """What waits for an administrator: undecided applications and held ones."""
        asking = Q(enrolment__state=EnrolmentState.APPLIED)
        return self.filter(asking | Q(enrolment=None, set_aside_at=None), confirmed_at__isnull=False)

    def newest_of(self, enrolments: "list[Enrolment]") -> "list[Application]":
        """Each enrolment's latest application, in one query. Somebody may have applied a second time."""
        found = self.filter(enrolment__in=[enrolment.pk for enrolment in enrolments], confirmed_at__isnull=False)
        with_all = found.select_related("enrolment__listener__employer", "cohort__edition", "group", "consent")
        return list({one.enrolment_id: one for one in with_all.order_by("pk")}.values())


class Application(models.Model):
    """What one person wrote to ask for a place (өтініш), kept as written; the enrolment tells what became of it.

    It counts once the person has followed the link in the letter (`confirmed_at`), which gives it its enrolment, or
    holds it for an administrator. What nobody confirms is erased. The IIN is sealed as a listener's is.
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
    consent = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, verbose_name=_("consent"), related_name="applications"
    )
    consented_at = models.DateTimeField(_("consent given at"), null=True)
    publication_consented = models.BooleanField(_("agrees to publication on the verification page"), default=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("e-mail confirmed at"), null=True)
    name_settled_at = models.DateTimeField(_("name looked at"), null=True, editable=False)
    name_settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    name_settled_reason = models.CharField(_("why it is the same person"), max_length=300, blank=True, editable=False)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, editable=False)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    set_aside_reason = models.CharField(_("why it is set aside"), max_length=1000, blank=True, editable=False)
    search_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | (Q(consent__isnull=False) & Q(consented_at__isnull=False)),
                name="application_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(enrolment=None, set_aside_at=None),
                name="application_counts_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(enrolment=None) | Q(set_aside_at=None), name="application_enrolled_or_set_aside"
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

    @property
    def name_differs(self) -> bool:
        """Whether the register has another name under this IIN and nobody has said that it is the same person."""
        return (
            self.enrolment is not None and self.name_settled_at is None and not same_name(self.enrolment.listener, self)
        )

    def set_iin(self, iin: str) -> None:
        """Seal a checked IIN into the row."""
        self.iin_sealed, self.iin_digest, self.iin_tail = seals.seal(iin), seals.digest(iin), iin[-4:]

    @staticmethod
    def is_key(key: str) -> bool:
        """Whether we have made this key, be the application still there or not."""
        return _signed(key, "application") > 0

    @property
    def key(self) -> str:
        """The secret part of the address by which the applicant confirms and follows it."""
        return _signer("application").sign(str(self.pk))

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.search_key = search_key(f"{self.full_name} {self.employer_name}")[:300]
        super().save(*args, **kwargs)
