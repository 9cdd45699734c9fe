"""Personal data on this floor: the register's entry, and all by which a person entered, moved and took part."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import identifiers
from core.kazakh import search_key
from core.persons import ERASED, Held, Person, blanked, of_listener, scrub
from enrollment.models import (
    Agreement,
    Application,
    Attendance,
    ConsentText,
    DataExport,
    DecisionLine,
    EmployerNotice,
    Enrolment,
    GroupApplication,
    Listener,
    ListenerMerge,
    MovementRequest,
    NameConfirmation,
    NameCorrection,
    OrderLine,
    SupportingPaper,
)

PSEUDONYM = "Тыңдаушы"
NOWHERE = "erased@erased.invalid"
SEALED = "an encrypted or a search value; the IIN itself stands beside it"
HISTORY = {"history_change_reason": "a note of the machinery"}
LABEL = "enrolment__listener"


def pseudonym(listener: Listener) -> str:
    """How an erased entry is called: «Тыңдаушы 123»."""
    return f"{PSEUDONYM} {listener.pk}"


def erased_digest(listener: Listener) -> str:
    """What stands for the search value of an erased IIN: no IIN's, and no two entries' the same."""
    return f"erased-{listener.pk}"


def _without_workplace(snapshot: dict[str, Any], person: Person) -> dict[str, Any]:
    """A letter to an employer without the person, the person's position and the employer."""
    listener = {"name": person.pseudonym, "position": ""}
    return scrub(snapshot, person) | {"listener": listener, "employer": None}  # type: ignore[no-any-return]


def _handed_in(person: Person) -> Q:
    """An employer's list that the person sent."""
    sent = GroupApplication.objects.annotate(lower=Lower("contact_email")).filter(lower__in=person.addresses)
    return Q(pk__in=sent.values("pk"))


HELD = [
    Held(
        Listener,
        whose=of_listener("pk"),
        name="listener",
        shown={"employer": "employer__name", "consent": "consent__version"},
        left_out=dict.fromkeys(["iin_sealed", "iin_digest", "iin_tail", "name_key", "search_key", "sort_key"], SEALED),
    ),
    Held(
        Listener.history.model,
        whose=of_listener("id"),
        name="listener_history",
        title=_("the register's entry: earlier states"),
        shown={"employer": "employer__name", "consent": "consent__version"},
        left_out=HISTORY | {"iin_tail": SEALED},
    ),
    Held(
        ConsentText,
        whose=lambda person: Q(listener__in=person.entries) | Q(pk__in=_consents_of(person)),
        name="consent_texts",
    ),
    Held(
        Application,
        whose=lambda person: Q(enrolment__listener__in=person.entries) | Q(iin_digest__in=person.iin_digests),
        name="applications",
        shown={"cohort": "cohort__code", "group": "group__employer_name", "consent": "consent__version"},
        left_out=dict.fromkeys(["iin_sealed", "iin_digest", "iin_tail", "search_key"], SEALED),
        erase=dict.fromkeys(["surname", "given_name"], ERASED)
        | dict.fromkeys(["patronymic", "iin_sealed", "iin_digest", "iin_tail", "position", "phone"], "")
        | {"employer_name": "", "employer_bin": "", "email": NOWHERE, "search_key": ""}
        | {"name_settled_reason": blanked, "set_aside_reason": blanked},
    ),
    Held(
        GroupApplication,
        whose=_handed_in,
        name="group_applications",
        shown={"cohort": "cohort__code"},
        erase={"contact_name": ERASED, "contact_email": NOWHERE, "contact_phone": ""},
    ),
    Held(
        Enrolment,
        whose=of_listener("listener"),
        name="enrolments",
        shown={"cohort": "cohort__code", "order": "order__number"},
        also=("cohort__starts_on", "cohort__ends_on", "order__date"),
    ),
    Held(
        Agreement,
        whose=of_listener(LABEL),
        name="agreements",
        shown={"text": "text__text"},
        erase={"snapshot": scrub},
    ),
    Held(
        MovementRequest,
        whose=of_listener(LABEL),
        name="requests",
        shown={"cohort": "cohort__code"},
        erase={"words": blanked, "answer": blanked},
    ),
    Held(
        SupportingPaper,
        whose=of_listener("request__enrolment__listener"),
        name="supporting_papers",
        file="file",
        erase={"name": ERASED, "file": ""},
    ),
    Held(
        DecisionLine,
        whose=of_listener(LABEL),
        name="decisions",
        shown={"decision": "decision__number"},
        also=("decision__held_on",),
    ),
    Held(
        OrderLine,
        whose=of_listener(LABEL),
        name="orders",
        shown={"order": "order__number", "cohort": "cohort__code"},
        also=("order__date", "order__kind", "order__state", "order__basis"),
        left_out={"position": "the place in a list of other people"},
    ),
    Held(
        EmployerNotice,
        whose=of_listener("line__enrolment__listener"),
        name="letters_to_employers",
        shown={"employer": "employer__name"},
        erase={"snapshot": _without_workplace, "employer": None, "recipient": blanked},
    ),
    Held(
        NameCorrection,
        whose=of_listener("listener"),
        name="name_corrections",
        erase={"surname": ERASED, "given_name": ERASED, "patronymic": "", "words": "", "answer": ""},
    ),
    Held(
        NameConfirmation,
        whose=of_listener("listener"),
        name="confirmed_names",
        erase={"name": ERASED},
    ),
    Held(
        Attendance,
        whose=of_listener(LABEL),
        name="attendance",
        shown={"session": "session__starts_at"},
        also=("session__hours", "session__kind", "session__module__title"),
        erase={"reason": blanked},
    ),
    Held(
        Attendance.history.model,
        whose=of_listener(LABEL),
        name="attendance_history",
        title=_("attendance: earlier states"),
        shown={"session": "session__starts_at"},
        left_out=HISTORY,
        erase={"reason": blanked, "history_change_reason": None},
    ),
    Held(
        DataExport,
        whose=of_listener("listener"),
        name="exports",
        erase={"ground": ""},
    ),
    Held(
        ListenerMerge,
        whose=of_listener("stays"),
        name="merged_entries",
        left_out={"moved": "numbers of rows", "before": "what the other sections show"},
        erase={"before": {}},
    ),
]
NOT_HELD = {
    "enrollment.DifferentPeople": "that two entries are two people: about another person as well",
    "enrollment.ListenerImport": "a list as uploaded, sealed; erased when it is taken in, at the latest after a day",
    "enrollment.Employer": "a place of work; it stays when somebody who worked there is erased",
    "enrollment.HistoricalEmployer": "a place of work; it stays when somebody who worked there is erased",
    "enrollment.Cohort": "a group",
    "enrollment.HistoricalCohort": "a group",
    "enrollment.Cohort_trainers": "who teaches a group",
    "enrollment.Session": "the timetable of a group; who was there is the attendance",
    "enrollment.HistoricalSession": "the timetable of a group",
    "enrollment.CalendarAddress": "how often an address was renewed; the address itself is not stored",
    "enrollment.Room": "a room",
    "enrollment.AgreementText": "a text for everybody; what was accepted stands in the agreement",
    "enrollment.Order": "an act about several people; what it says about one is a line of it",
    "enrollment.CommissionDecision": "an act about several people; what it says about one is a line of it",
    "enrollment.CommissionDecision_members": "who of the institute decided",
    "enrollment.CommissionMember": "who of the institute decides",
    "enrollment.Signatory": "who of the institute signs",
}


def _consents_of(person: Person) -> Any:
    of_person = Q(enrolment__listener__in=person.entries) | Q(iin_digest__in=person.iin_digests)
    return Application.objects.filter(of_person).values("consent")


def person_of(listener: Listener) -> Person:
    """Everything by which this listener is known now, was known before, or was known in entries merged since."""
    entries = [listener, *Listener.objects.filter(merged_into=listener.pk).select_related("employer").order_by("pk")]
    keys = [entry.pk for entry in entries]
    before = list(Listener.history.filter(id__in=keys).order_by("-history_date"))
    digests = [entry.iin_digest for entry in entries]
    written = list(Application.objects.filter(Q(enrolment__listener__in=keys) | Q(iin_digest__in=digests)))
    corrections = list(NameCorrection.objects.filter(listener__in=keys))
    named: list[Any] = [*entries, *before, *written, *corrections]
    accounts = User.objects.filter(listener__in=keys)
    with_contacts: list[Any] = [*entries, *before, *written]
    addresses = _unlike([*(user.email for user in accounts), *(row.email for row in with_contacts)])
    iins = [entry.iin for entry in entries if entry.iin]
    phones = _unlike(row.phone for row in with_contacts)
    parts = ((row.surname, row.given_name, row.patronymic) for row in named)
    twins = _namesakes(listener, keys)
    names = [listener.full_name, *listener.former_names, *(_full(row) for row in named)]
    if not twins:  # without the patronymic a text may mean the other one
        names += [_short(row) for row in named]
    return Person(
        pseudonym=pseudonym(listener),
        entries=keys,
        accounts=[user.pk for user in accounts],
        addresses=[address.lower() for address in addresses],
        names=_unlike(names),
        texts=[*addresses, *phones, *iins, *map(identifiers.mask_iin, iins)],
        words=_unlike([*(part for three in parts for part in three), *(row.position for row in with_contacts)]),
        namesakes=_unlike(address.lower() for twin in twins for address in twin),
        iin_digests=digests,
    )


def _namesakes(listener: Listener, keys: list[int]) -> list[tuple[str, str]]:
    """Both addresses of each other person with this surname and given name."""
    others = Listener.objects.usable().exclude(pk__in=keys).filter(name_key__startswith=search_key(_short(listener)))
    return [(email, account or "") for email, account in others.values_list("email", "user__email")]


def _full(row: Any) -> str:
    return " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)


def _short(row: Any) -> str:
    return f"{row.surname} {row.given_name}"


def _unlike(texts: Iterable[str]) -> list[str]:
    """Each text once, without empty ones."""
    return list(dict.fromkeys(text for text in texts if text))


def erase(person: Person) -> None:
    """Overwrite the register's entries, with those merged into them, and their history."""
    bare = {"patronymic": "", "position": "", "email": "", "phone": "", "employer": None, "iin_tail": ""}
    for listener in Listener.objects.filter(pk__in=person.entries):
        listener.surname, listener.given_name = PSEUDONYM, str(listener.pk)
        for name, value in bare.items():
            setattr(listener, name, value)
        listener.iin_sealed, listener.iin_digest = "", erased_digest(listener)
        listener._stored_name, listener.former_names = listener.full_name, []
        listener.pseudonymised_at = timezone.now()
        listener._change_reason = "personal data erased"
        listener.save()
        named = {"surname": PSEUDONYM, "given_name": str(listener.pk)}
        Listener.history.filter(id=listener.pk).update(**bare, **named)
