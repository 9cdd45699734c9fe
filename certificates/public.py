"""What the public may know of a document: the facts that the verification page shows, and nothing else (design §3)."""

from collections.abc import Mapping
from typing import Any

Facts = dict[str, Any]


def public_facts(snapshot: Mapping[str, Any]) -> Facts:
    """The facts of a document by its snapshot, days in ISO form, texts by language code.

    `surname` is shown nowhere: who asks by number must know it. No IIN, score, employer or contact is among them.
    """
    return {
        "kind": snapshot["kind"],
        "number": snapshot["number"],
        "holder": snapshot["holder"]["full"],
        "surname": snapshot["holder"]["surname"],
        "topic": snapshot["topic"],
        "hours": snapshot["hours"],
        "from": snapshot["course"]["from"],
        "to": snapshot["course"]["to"],
        "issued_on": snapshot["issued_on"],
        "valid_until": snapshot["valid_until"],
        "organisation": snapshot["institute"],
        "duplicate_of": snapshot.get("duplicate", {}).get("number"),
    }
