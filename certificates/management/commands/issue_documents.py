"""`manage.py issue_documents COHORT`: documents for everybody whom the cohort's closed protocols decided about."""

import json
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from assessment.models import Protocol, ProtocolState
from certificates.candidates import Candidate, candidates
from certificates.issuing import issue_wished, wish_documents
from certificates.models import Document, DocumentState, Wish
from core.errors import DomainError
from enrollment.models import Cohort, Signatory


class Command(BaseCommand):
    """Numbers and freezes the documents at once; their files are made by the worker. Safe to repeat."""

    help = "Issues documents to a cohort; safe to repeat. Files are made by the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", help="the cohort's code")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, one line per person")
        parser.add_argument("--by", help="e-mail of the administrator who acts (default: the first active one)")
        parser.add_argument("--date", type=date.fromisoformat, help="date of issue, 2026-01-31 (default: today)")
        parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="how long to wait for the files")

    def handle(self, *args: str, **options: Any) -> None:
        cohort = Cohort.objects.filter(code=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']}.")
        protocols = list(cohort.protocols.filter(state=ProtocolState.CLOSED).order_by("no"))
        if not protocols:
            raise CommandError(f"Cohort {cohort.code} has no closed protocol.")
        by = _administrator(options["by"])
        for protocol in protocols:
            _wish(protocol, options["date"] or timezone.localdate(), by)
        issue_wished()
        _wait(protocols, options["wait"])
        for protocol in protocols:
            for candidate in candidates(protocol):
                line = _line(candidate)
                text = json.dumps(line, ensure_ascii=False) if options["json"] else "\t".join(map(str, line.values()))
                self.stdout.write(text)


def _administrator(email: str | None) -> User:
    people = User.objects.filter(is_administrator=True, is_active=True).order_by("pk")
    person = people.filter(email__iexact=email).first() if email else people.first()
    if person is None:
        raise CommandError(f"There is no active administrator{f' {email}' if email else ''}.")
    return person


def _wish(protocol: Protocol, issued_on: date, by: User) -> None:
    able = [candidate.outcome for candidate in candidates(protocol) if not candidate.reason]
    if not able:
        return
    signatory = Signatory.objects.in_power_on(issued_on).first()
    if signatory is None:
        raise CommandError(f"Nobody has the power to sign on {issued_on}.")
    try:
        wish_documents(protocol=protocol, outcomes=able, signatory=signatory, issued_on=issued_on, by=by)
    except DomainError as refusal:
        raise CommandError(refusal.sentence) from refusal


def _wait(protocols: list[Protocol], seconds: float) -> None:
    end = time.monotonic() + seconds
    waiting = Document.objects.filter(outcome__protocol__in=protocols).to_render()
    while time.monotonic() < end and waiting.exists():
        time.sleep(0.2)


def _line(candidate: Candidate) -> dict[str, Any]:
    """What became of one person: number, address and file, or the reason why there is no document."""
    enrolment = candidate.outcome.attempt.enrolment
    line: dict[str, Any] = {"name": enrolment.listener.full_name, "kind": candidate.kind.value}
    document = Document.objects.live().filter(enrolment=enrolment, kind=candidate.kind).first()
    if document is None:
        wish = Wish.objects.filter(outcome=candidate.outcome).order_by("pk").last()
        return line | {"reason": candidate.reason or (wish.reason or wish.last_error if wish else "")}
    line |= {"number": document.number, "verification_url": document.verification_url, "state": document.state}
    if document.state == DocumentState.READY:
        line["file"] = _place(document)
    elif document.last_error:
        line["last_error"] = document.last_error
    return line


def _place(document: Document) -> str:
    """The file's path on this machine, or its name in a store elsewhere."""
    try:
        return document.file.path
    except NotImplementedError:
        return document.file.name
