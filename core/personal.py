"""Personal data on the ground floor: letters, and who changed which state."""

from django.db.models import Q
from django.db.models.functions import Lower

from core.models import AuditEntry, Message
from core.persons import Held, Person, erase_rows, scrub

WORK = "bookkeeping of the worker"
NOWHERE = "erased@erased.invalid"


def _sent_to(addresses: list[str]) -> Q:
    letters = Message.objects.annotate(lower=Lower("recipient")).filter(lower__in=addresses)
    return Q(pk__in=letters.values("pk"))


def _to(person: Person) -> Q:
    """Letters to any address that the person ever had."""
    return _sent_to(person.addresses)


def _about(person: Person) -> Q:
    """Letters to others that name the person; those to a namesake's own address are not meant."""
    found = Q(pk__in=[])
    for text in (*person.names, *person.texts):
        found |= (
            Q(subject__contains=text) | Q(body__contains=text) | Q(calendar__contains=text) | Q(thing__contains=text)
        )
    return found & ~_to(person) & ~_sent_to(person.namesakes)


HELD = [
    Held(
        Message,
        whose=_to,
        name="letters",
        left_out={"lease_until": WORK, "attempts": WORK, "last_error": WORK, "attachment": "goes along as a file"},
        file="attachment",
    ),
    Held(
        AuditEntry,
        whose=lambda person: person.trail,
        name="trail",
    ),
]
NOT_HELD = {"core.Counter": "the last number of a series", "core.Heartbeat": "signs of life of the machinery"}
_OTHERS_LETTERS = Held(
    Message,
    whose=_about,
    erase={"subject": scrub, "body": scrub, "calendar": scrub, "attachment": None, "attachment_name": ""},
)


def erase(person: Person) -> None:
    """Letters to the person lose address, words and attachments, unsent ones go; letters to others lose the name.

    A letter stays one of its kind about its thing (I11), so that nobody writes it again.
    """
    erase_rows(_OTHERS_LETTERS, person)
    letters = Message.objects.filter(_to(person))
    letters.filter(sent_at=None).delete()
    for message in letters.only("pk", "thing"):
        gone = {"recipient": NOWHERE, "subject": "", "body": "", "calendar": "", "last_error": "", "attachment": None}
        thing = f"erased {message.pk}" if "@" in message.thing else message.thing
        Message.objects.filter(pk=message.pk).update(**gone, attachment_name="", thing=thing)
