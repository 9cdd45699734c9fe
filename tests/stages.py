"""Brings an installation to a stage of the course; each function is called in a process of that installation."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from certificates.issuing import wish_documents
from core import outbox
from enrollment.models import Application, Cohort, CohortState, Signatory
from programs.models import ProgrammeEdition
from tests import factories
from tests.factories import close_protocol

MARKS = [(18, 22, 13, 27, 9), (15, 18, 11, 20, 7), (12, 13, 8, 16, 5)]


def closed_cohort(people: int) -> int:
    """A cohort whose people have all passed, its protocol closed; the protocol's id."""
    today = timezone.localdate()
    administrator = _somebody(email="administrator@example.kz", is_administrator=True)
    trainer = _somebody(email="trainer@example.kz", is_trainer=True)
    cohort = factories.make_cohort(
        edition=ProgrammeEdition.objects.get(),
        code=f"K-{today.year}-{Cohort.objects.count() + 1}",
        state=CohortState.ASSESSING,
        trainers=[trainer],
        capacity=people,
        starts_on=today - timedelta(days=30),
        ends_on=today - timedelta(days=10),
    )
    for number in range(people):
        enrolment = factories.make_enrolment(cohort=cohort)
        factories.make_scores(enrolment, list(MARKS[number % len(MARKS)]), by=trainer)
    return close_protocol(cohort=cohort, held_on=today - timedelta(days=5), leave_out={}, by=administrator).pk


def _somebody(**fields: Any) -> User:
    return User.objects.filter(email=fields["email"]).first() or factories.UserFactory(**fields)


def passes(count: int) -> list[dict[str, Any]]:
    """So many passes of the worker, each as if every wait was over; how the documents stand then."""
    from certificates.models import Document
    from certificates.rendering import render_reserved

    for _ in range(count):
        Document.objects.update(lease_until=None)
        render_reserved()
    return [
        {"state": row.state, "file": bool(row.file), "given_up": row.is_given_up, "error": row.last_error}
        for row in Document.objects.order_by("counter")
    ]


def wish(protocol: int) -> None:
    """An administrator asks for the documents of everybody in the protocol."""
    from assessment.models import Protocol

    protocol_row = Protocol.objects.get(pk=protocol)
    wish_documents(
        protocol=protocol_row,
        outcomes=list(protocol_row.outcomes.all()),
        signatory=Signatory.objects.get(),
        issued_on=timezone.localdate(),
        language="ru",
        by=protocol_row.closed_by,
    )


def letters(count: int) -> None:
    """Letters in the outbox."""
    for number in range(count):
        outbox.write(
            kind="test",
            thing=f"test:{number}",
            recipient=f"person{number}@example.kz",
            subject=f"Хат {number}",
            body="Сәлем!",
        )


def documents() -> list[dict[str, Any]]:
    """Every document with what its file really is."""
    from hashlib import sha256

    from certificates.models import Document

    found = []
    for document in Document.objects.order_by("counter"):
        content = b""
        if document.file:
            with document.file.open("rb") as file:
                content = file.read()
        found.append(
            {
                "state": document.state,
                "counter": document.counter,
                "enrolment": document.enrolment_id,
                "whole": content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF"),
                "sealed": sha256(content).hexdigest() == document.sha256 and len(content) == document.size,
            }
        )
    return found


def applications() -> dict[str, str]:
    """Of the demonstration: the secret addresses of one who is received and one who waits; one with another name."""
    confirmed = Application.objects.filter(enrolment__isnull=False).select_related("enrolment__listener").order_by("pk")
    return {
        "application": next(one.key for one in confirmed if one.enrolment.state == "applied"),
        "waits": next(one.key for one in confirmed if one.enrolment.state == "waiting"),
        "conflict": str(next(one.pk for one in confirmed if one.name_differs)),
    }


def revoke(document: int) -> None:
    """The first administrator revokes a document that a colleague wants revoked."""
    from accounts.models import User
    from certificates.models import Document
    from certificates.tests.revocations import revoke as take_back

    by = User.objects.filter(is_administrator=True).order_by("pk").first()
    take_back(document=Document.objects.get(pk=document), reason="Тегінде қате бар", by=by)


def staff() -> dict[str, str]:
    """An administrator, a trainer, the commission, the head's signature: what there is before the first cohort."""
    administrator = factories.UserFactory(
        email="administrator@example.kz", full_name="Әкімшіева Айша", is_administrator=True
    )
    second = factories.UserFactory(email="admin.two@example.kz", full_name="Екіншіева Дина", is_administrator=True)
    trainer = factories.UserFactory(email="trainer@example.kz", full_name="Тренеров Талғат", is_trainer=True)
    chair = factories.UserFactory(email="chair@example.kz", full_name="Төрағаева Толқын", is_trainer=True)
    factories.make_commission(chair)
    factories.make_signatory()
    people = {
        "administrator": administrator.email,
        "second": second.email,
        "trainer": trainer.email,
        "chair": chair.email,
    }
    return people | {"password": factories.PASSWORD}


def papers(protocol: int, first: int, last: int, ready: bool = True) -> list[str]:
    """Documents for the outcomes from `first` to before `last` of a protocol, with their files if `ready`; numbers."""
    from assessment.models import Protocol
    from certificates.issuing import issue
    from certificates.rendering import render_reserved

    row = Protocol.objects.get(pk=protocol)
    terms = {"signatory": Signatory.objects.get(), "issued_on": timezone.localdate(), "by": row.closed_by}
    made = [issue(outcome=outcome, **terms) for outcome in row.outcomes.order_by("pk")[first:last]]
    if ready:
        render_reserved()
    return [document.number for document in made]


def lived(folder: str) -> dict[str, Any]:
    """A backup, and much that happened since: revoked, replaced, issued and made ready; what is answered at the end."""
    from pathlib import Path

    from certificates import journal
    from certificates.models import Document
    from certificates.rendering import render_reserved
    from certificates.revoking import reissue
    from certificates.tests.revocations import revoke as take_back
    from course_admin import backup

    def end(number: str) -> None:
        document = Document.objects.get(number=number)
        take_back(document=document, reason="Қате берілген", by=document.issued_by)

    def replace(number: str) -> str:
        old = Document.objects.get(number=number)
        new = reissue(document=old, reason="Тегінде қате", signatory=old.signatory, by=old.issued_by)
        render_reserved()
        return new.number

    protocol = closed_cohort(people=9)
    first = papers(protocol, 0, 5)
    first += papers(protocol, 5, 6, ready=False)
    made = backup.make(Path(folder))
    end(first[0])
    replace(first[1])
    end(replace(first[2]))
    render_reserved()
    replace(first[5])
    end(papers(protocol, 6, 8)[1])
    journal.write_down()
    asked = tokens()
    return {"protocol": protocol, "backup": str(made), "asked": asked, "answers": verdicts(asked)}


def tokens() -> dict[str, str]:
    """Number by token of every document that the database knows."""
    from certificates.models import Document

    return dict(Document.objects.values_list("token", "number"))


def verdicts(asked: dict[str, str]) -> dict[str, list[Any]]:
    """What is answered to each of these tokens, and to its number with the surname."""
    from certificates.verification import check, look_up

    found = {}
    for token, number in asked.items():
        verdict = check(token)
        surname = verdict.facts.holder.split()[0] if verdict.facts else "Белгісіз"
        by_number = look_up(number, surname)
        found[token] = [
            [str(one.status), json.dumps(vars(one.facts), default=str, sort_keys=True) if one.facts else ""]
            for one in (verdict, by_number)
        ]
    return found


def kill_often(seed: int, kills: int) -> dict[str, Any]:
    """Passes of the worker, killed; see `tests.killing`."""
    from tests import killing

    return killing.kill_often(seed=seed, kills=kills)


def number_committed_apart() -> int:
    """One pass with that mistake, killed; see `tests.killing`."""
    from tests import killing

    return killing.number_committed_apart()
