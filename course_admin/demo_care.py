"""People's data in the demonstration: a correction to decide, a person entered twice, somebody kept too long."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core.identifiers import invented_iin
from enrollment import cohorts
from enrollment.admission import admit
from enrollment.correcting import Name, file_correction
from enrollment.models import Cohort, Listener
from enrollment.registers import keep
from programs.models import ProgrammeEdition

TWICE, LONG_AGO = 9_001, 9_002  # serials of invented IINs that no list of the demonstration has


def seed(edition: ProgrammeEdition, administrator: User, listener: Listener) -> None:
    """Through the same verbs that people use."""
    _ask_for_a_correction(listener)
    _enter_twice(listener)
    _keep_too_long(edition, administrator)


def _ask_for_a_correction(listener: Listener) -> None:
    """The demonstration listener's card has the surname without its Russian ending."""
    surname = listener.surname.removesuffix("ова").removesuffix("ов")
    wanted = Name(surname if surname != listener.surname else f"{surname}ова", listener.given_name, listener.patronymic)
    words = "Жеке куәлігімде тегім осылай жазылған."
    if listener.user:
        file_correction(listener=listener, name=wanted, words=words, by=listener.user)


def _enter_twice(listener: Listener) -> None:
    """The same person at the same school, entered by hand with a mistyped IIN and other letters."""
    twin = Listener(
        surname=listener.surname.replace("Ә", "А").replace("Қ", "К"),
        given_name=listener.given_name,
        patronymic=listener.patronymic,
        employer=listener.employer,
        phone=listener.phone,
    )
    twin.set_iin(invented_iin(TWICE))
    keep(twin)


def _keep_too_long(edition: ProgrammeEdition, administrator: User) -> None:
    """Somebody whose course never took place, more years ago than anybody is kept by name."""
    began = timezone.localdate() - timedelta(days=366 * (settings.RETENTION_YEARS + 1))
    cohort = Cohort(code="KRG-00", edition=edition, starts_on=began, ends_on=began + timedelta(days=18))
    cohorts.plan(cohort=cohort, by=administrator)
    cohorts.open_cohort(cohort=cohort, by=administrator)
    person = Listener(surname="Шәріп", given_name="Зәуре", patronymic="Ғаниқызы", email="kept@demo.kz")
    person.set_iin(invented_iin(LONG_AGO))
    keep(person)
    admit(cohort=cohort, listeners=[person], by=administrator)
    cohorts.cancel(cohort=cohort, reason="Тыңдаушылар саны жеткіліксіз", by=administrator)
