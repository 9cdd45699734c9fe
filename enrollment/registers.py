"""Keeping the registers: one way to store an employer, a listener or a consent text that an administrator edited."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError, Refused
from core.triggers import MESSAGE
from enrollment import identity
from enrollment.models import ConsentText, Employer

T = TypeVar("T", bound=models.Model)


def keep(row: T, fields: Iterable[str] | None = None) -> T:
    """Store one row, or only these `fields` of it. Raises `Conflict` when somebody stored the same in between."""
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:
        raise Conflict(_("Somebody has just stored the same entry. Open the list and look there.")) from error
    return row


def current_consent() -> ConsentText:
    """The newest version of the consent text. Raises `Refused` when there is none."""
    newest = ConsentText.objects.first()
    if newest is None:
        raise Refused(_("There is no consent text yet. Add one under “Consent texts” first."))
    return newest


def keep_consent(consent: ConsentText) -> ConsentText:
    """Store a consent text; a new one gets the next version. Raises `Refused` for one that somebody agreed to."""
    if consent.is_used:
        raise Refused(_("This version has been agreed to and cannot change. Add a new version."))
    if consent.pk is None:
        consent.version = (ConsentText.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        return keep(consent)
    except Conflict as error:
        if MESSAGE in str(error.__cause__):
            raise Refused(_("This version has been agreed to and cannot change. Add a new version.")) from error
        raise


def employer_found(text: str) -> tuple[str, str]:
    """For a typed BIN the name of the employer that has it, or a sentence that says why there is none.

    Names of employers are public; nothing else about them, and nothing about people, is answered.
    """
    try:
        bin_ = identity.read_bin(text).value
    except DomainError as refusal:
        return "", refusal.sentence
    name = Employer.objects.filter(bin=bin_).values_list("name", flat=True).first() or ""
    return name, "" if name else _("We do not know this BIN yet. Write the employer's name.")
