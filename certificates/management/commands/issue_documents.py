"""`manage.py issue_documents COHORT`: wish documents for everybody whom the cohort's closed protocols decided about."""

import json
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from assessment.models import Protocol, ProtocolState
from certificates.issuing import Candidate, candidates, issue_wished, wish_documents
from certificates.models import Document, Signatory, Wish
from core.errors import DomainError
from enrollment.models import Cohort


class Command(BaseCommand):
    help = "Issues documents to a cohort; safe to repeat. Files are made by the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", help="the cohort's code")
        parser.add_argument("--json", action="store_true", help="one JSON line per person")
        parser.add_argument("--by", help="e-mail of the administrator who acts (default: the first active one)")
        parser.add_argument("--date", type=date.fromisoformat, help="date of issue, 2026-01-31 (default: today)")
        parser.add_argument("--wait", type=int, default=0, help="seconds to wait for the files")

    def handle(self, *args: str, **options: Any) -> None:
        cohort = Cohort.objects.filter(code=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']}.")
        by = self._administrator(options["by"])
        issued_on = options["date"] or timezone.localdate()
        protocols = list(cohort.protocols.filter(state=ProtocolState.CLOSED))
        if not protocols:
            raise CommandError(f"Cohort {cohort.code} has no closed protocol.")
        for protocol in protocols:
            self._wish(protocol, issued_on, by)
        issue_wished()
        self._wait(protocols, options["wait"])
        for protocol in protocols:
            for candidate in candidates(protocol):
                self._line(candidate, as_json=options["json"])

    def _administrator(self, email: str | None) -> User:
        people = User.objects.filter(is_administrator=True, is_active=True).order_by("pk")
        person = people.filter(email__iexact=email).first() if email else people.first()
        if person is None:
            raise CommandError("There is no such administrator.")
        return person

    def _wish(self, protocol: Protocol, issued_on: date, by: User) -> None:
        able = [c.outcome for c in candidates(protocol) if not c.reason]
        if not able:
            return
        signatory = Signatory.objects.in_power_on(issued_on).first()
        if signatory is None:
            raise CommandError(f"Nobody has the power to sign on {issued_on}.")
        try:
            wish_documents(protocol=protocol, outcomes=able, signatory=signatory, issued_on=issued_on, by=by)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _wait(self, protocols: list[Protocol], seconds: int) -> None:
        end = time.monotonic() + seconds
        waiting = Document.objects.filter(outcome__protocol__in=protocols, state="reserved")
        while time.monotonic() < end and waiting.exists():
            time.sleep(0.2)

    def _line(self, candidate: Candidate, *, as_json: bool) -> None:
        enrolment = candidate.outcome.attempt.enrolment
        document = Document.objects.live().filter(enrolment=enrolment, kind=candidate.kind).first()
        line: dict[str, Any] = {"name": enrolment.listener.full_name, "kind": candidate.kind.value}
        if document is None:
            line["reason"] = candidate.reason or self._refusal(candidate)
        else:
            line |= {"number": document.number, "url": document.verification_url, "state": document.state}
            if document.file:
                line["file"] = document.file.name
        self.stdout.write(json.dumps(line, ensure_ascii=False) if as_json else "\t".join(map(str, line.values())))

    def _refusal(self, candidate: Candidate) -> str:
        wish = Wish.objects.filter(outcome=candidate.outcome).order_by("-pk").first()
        return wish.reason or wish.last_error if wish else ""
