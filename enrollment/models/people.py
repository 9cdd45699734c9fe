"""Who takes part and for whom they work: employers, listeners, and the consent they gave."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import identifiers, seals
from core.kazakh import search_key, sort_key

if TYPE_CHECKING:
    from accounts.models import User


class Employer(models.Model):
    name = models.CharField(_("name"), max_length=250)
    bin = models.CharField(_("BIN"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    search_key = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=800, editable=False, db_index=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["bin"],
                condition=~Q(bin=""),
                name="employer_bin_once",
                violation_error_message=_("Another employer already has this BIN."),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(bin=""),
                name="employer_name_once",
                violation_error_message=_("An employer of this name without a BIN is already there; give the BIN."),
            ),
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
        return f"№\N{NO-BREAK SPACE}{self.version}"

    @property
    def is_used(self) -> bool:
        """Whether somebody has agreed to this version; it is then frozen, here and by a trigger."""
        return self.pk is not None and (self.listener_set.exists() or self.applications.exists())


class ListenerQuerySet(models.QuerySet["Listener"]):
    def visible_to(self, user: "User") -> "ListenerQuerySet":
        """Administrators see everybody, trainers the listeners of their cohorts, listeners themselves.

        Nobody sees an entry that was merged into another one: all that it had is with that one.
        """
        if user.is_administrator:
            return self.current()
        mine = Q(user=user)
        if user.is_trainer:
            mine |= Q(enrolments__cohort__trainers=user)
        return self.current().filter(mine).distinct()

    def current(self) -> "ListenerQuerySet":
        """Without the entries that were merged into another one of the same person."""
        return self.filter(merged_into=None)

    def usable(self) -> "ListenerQuerySet":
        """Who may be given a place: neither merged into another entry nor pseudonymised."""
        return self.current().filter(pseudonymised_at=None)

    def with_iin(self, iin: str) -> "ListenerQuerySet":
        """The listener with this IIN, found by its keyed digest; the IIN of a merged entry finds the one that stays."""
        return self.with_digest(seals.digest(iin))

    def with_digest(self, digest: str) -> "ListenerQuerySet":
        """See `with_iin`; by the search value that a row keeps."""
        found = Listener.objects.filter(iin_digest=digest)
        return self.filter(pk__in=found.annotate(person=Coalesce("merged_into", "pk")).values("person"))


class Listener(models.Model):
    """A person who takes part. The IIN is sealed at rest; lists show it masked."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("account"),
        related_name="listener",
    )
    surname = models.CharField(_("surname"), max_length=90)
    given_name = models.CharField(_("given name"), max_length=90)
    patronymic = models.CharField(_("patronymic"), max_length=90, blank=True)
    iin_sealed = models.TextField(editable=False)
    iin_digest = models.CharField(max_length=64, unique=True, editable=False)
    iin_tail = models.CharField(max_length=4, editable=False)
    position = models.CharField(_("job title"), max_length=200, blank=True)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, verbose_name=_("employer"), related_name="listeners"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, blank=True, verbose_name=_("consent"))
    consented_on = models.DateField(_("consent given on"), null=True, blank=True)
    publication_consented = models.BooleanField(_("agrees to publication on the verification page"), default=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("the same person as"),
        related_name="merged",
        help_text=_("Set when two entries of one person were brought together; this one is kept and not used."),
    )
    pseudonymised_at = models.DateTimeField(_("personal data erased at"), null=True, editable=False)
    former_names = models.JSONField(
        _("earlier spellings"),
        default=list,
        editable=False,
        help_text=_("Full names by which the person was once written, the oldest first; a search finds them too."),
    )
    name_key = models.CharField(max_length=300, editable=False, db_index=True)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=600, editable=False, db_index=True)
    history = HistoricalRecords(
        excluded_fields=["iin_sealed", "iin_digest", "former_names", "name_key", "search_key", "sort_key"]
    )

    objects = ListenerQuerySet.as_manager()

    NAME = ("surname", "given_name", "patronymic")
    _change_reason: str  # what the next row of the history says

    class Meta:
        verbose_name = _("listener")
        verbose_name_plural = _("listeners")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="listener_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(pseudonymised_at=None) | Q(iin_sealed="", iin_tail="", email="", phone="", position=""),
                name="listener_pseudonymised_is_bare",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic, in the nominative as in the identity card."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def iin(self) -> str:
        """The IIN in clear, for documents that need it; never for a list, a log or an address. Empty once erased."""
        return "" if self.pseudonymised_at else seals.unseal(self.iin_sealed)

    @property
    def iin_masked(self) -> str:
        """All but the last four digits hidden; a dash once it is erased."""
        return "–" if self.pseudonymised_at else identifiers.mask_iin("0" * 8 + self.iin_tail)

    def set_iin(self, iin: str) -> None:
        """Seal a checked IIN into the row."""
        self.iin_sealed, self.iin_digest, self.iin_tail = seals.seal(iin), seals.digest(iin), iin[-4:]

    def has_iin(self, iin: str) -> bool:
        """Whether this is the IIN of this very row."""
        return self.iin_digest == seals.digest(iin)

    @classmethod
    def from_db(cls, db, field_names, values):  # type: ignore[no-untyped-def]
        """Remember the stored spelling, so that `save` can keep it when it changes."""
        listener = super().from_db(db, field_names, values)
        if {*cls.NAME, "former_names"} <= set(field_names):
            listener._stored_name = listener.full_name
        return listener

    def set_keys(self) -> None:
        """Fill the search and sort keys; bulk writers call it themselves."""
        self.name_key, self.sort_key = search_key(self.full_name)[:300], sort_key(self.full_name)[:600]
        self.search_key = search_key(" ".join([self.full_name, *self.former_names]))

    def remember_spelling(self, *names: str) -> None:
        """Count these names among the earlier spellings; the present one is none of them."""
        known = dict.fromkeys([*self.former_names, *names])
        self.former_names = [name for name in known if name != self.full_name]

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Store the row with its keys; a spelling that was changed stays among the earlier ones."""
        stored = getattr(self, "_stored_name", self.full_name)
        if not self._state.adding and stored != self.full_name:
            self.remember_spelling(stored)
        self.set_keys()
        if (fields := kwargs.get("update_fields")) is not None and {*self.NAME, "former_names"} & set(fields):
            kwargs["update_fields"] = {*fields, "former_names", "name_key", "search_key", "sort_key"}
        super().save(*args, **kwargs)
        self._stored_name = self.full_name
