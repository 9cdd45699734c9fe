"""How often documents are checked, and whether somebody tries addresses out: counts by day, of nobody."""

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from certificates import spool
from certificates.models import CheckCount, CheckDay, Document, Way
from certificates.verification import Status, Verdict
from core import outbox
from core.letters import letter

log = logging.getLogger(__name__)
WEEKS = 2  # that a picture shows


@dataclass(frozen=True)
class DayOfChecks:
    """One day of a picture."""

    day: date
    found: int
    not_found: int = 0


def note(way: str, *verdicts: Verdict) -> None:
    """Note what was asked for by this way and whether it exists; never raises. “Cannot check now” is no answer."""
    answers = [verdict for verdict in verdicts if verdict.status != Status.UNAVAILABLE]
    if answers:
        spool.note(way, *(verdict.facts.number if verdict.facts else None for verdict in answers))


def count_checks() -> int:
    """Add every finished file of notes to the counts and remove it; returns how many files.

    A file is removed as the last act of the transaction that counts it: who does not get to remove it does not count
    it, so nothing counts twice, whoever works at the same time. What a killed worker had removed may be lost.
    """
    done = 0
    for path in spool.finished():
        try:
            _count(path)
        except FileNotFoundError:  # another worker was quicker
            continue
        done += 1
    warn_of_scanning()
    return done


@transaction.atomic
def _count(path: Path) -> None:
    notes = spool.read(path)
    known = {way: Counter({number: n for (w, number), n in notes.found.items() if w == way}) for way in Way.values}
    for way in Way.values:
        found, not_found = known[way].total(), notes.not_found[way]
        if found or not_found:
            CheckDay.objects.get_or_create(day=notes.day, way=way)
            CheckDay.objects.filter(day=notes.day, way=way).update(
                found=F("found") + found, not_found=F("not_found") + not_found
            )
    _count_documents(notes.day, sum(known.values(), Counter()))
    path.unlink()


def _count_documents(day: date, by_number: Counter[str]) -> None:
    """Add to each document's day; a number that only the journal knows counts for the day alone."""
    documents = dict(Document.objects.filter(number__in=list(by_number)).order_by("pk").values_list("pk", "number"))
    rows = [CheckCount(document_id=pk, day=day) for pk in documents]
    CheckCount.objects.bulk_create(rows, ignore_conflicts=True)
    alike: defaultdict[int, list[int]] = defaultdict(list)  # most are asked for once
    for pk, number in documents.items():
        alike[by_number[number]].append(pk)
    for count, pks in sorted(alike.items()):
        CheckCount.objects.filter(day=day, document__in=pks).update(count=F("count") + count)


def scanning_on(*days: date) -> int:
    """The answers “not found” of the worst of these days, by all ways, if they reach SCANNING_ALERT; else 0."""
    rows = CheckDay.objects.filter(day__in=days).order_by().values("day").annotate(n=Sum("not_found"))
    worst = max((row["n"] for row in rows), default=0)
    return worst if 0 < settings.SCANNING_ALERT <= worst else 0


def scanning_now() -> int:
    """As `scanning_on`, of today and yesterday: who comes in the morning sees what the night brought."""
    today = timezone.localdate()
    return scanning_on(today, today - timedelta(days=1))


def warn_of_scanning() -> None:
    """Write each administrator one letter a day (I11) when answers “not found” have reached SCANNING_ALERT."""
    day = timezone.localdate()
    if not (count := scanning_on(day)):
        return
    for person in User.objects.filter(is_administrator=True, is_active=True).order_by("pk"):
        with translation.override(person.language):
            shown = date_format(day, "SHORT_DATE_FORMAT")
            outbox.write(
                kind="scanning",
                thing=f"checks:{day.isoformat()}:{person.pk}",
                recipient=person.email,
                subject=_("Somebody may be trying out addresses of documents"),
                body=letter(
                    [
                        _("On %(day)s the check of documents has answered “not found” %(count)s times so far.")
                        % {"day": shown, "count": count},
                        _(
                            "A document cannot be guessed, so nothing has become known; but please look whether a "
                            "wrong address was printed or sent out. The figures: %(address)s"
                        )
                        % {"address": f"{settings.PUBLIC_BASE_URL}/admin/certificates/checkday/"},
                    ],
                    to=person.full_name,
                ),
            )


def days_of(document: Document, today: date) -> list[DayOfChecks]:
    """The checks of one document on each of the last days, the latest first; one query."""
    first = today - timedelta(days=7 * WEEKS - 1)
    counts = dict(document.check_counts.filter(day__gte=first).values_list("day", "count"))
    return [DayOfChecks(day, counts.get(day, 0)) for day in _back_from(today)]


def days_of_all(today: date) -> list[DayOfChecks]:
    """The checks of everything on each of the last days, the latest first; one query."""
    rows = CheckDay.objects.filter(day__gte=today - timedelta(days=7 * WEEKS - 1)).order_by()
    sums = {
        day: (found, not_found)
        for day, found, not_found in rows.values_list("day").annotate(f=Sum("found"), n=Sum("not_found"))
    }
    return [DayOfChecks(day, *sums.get(day, (0, 0))) for day in _back_from(today)]


def _back_from(today: date) -> list[date]:
    return [today - timedelta(days=n) for n in range(7 * WEEKS)]
