"""After an erasure nothing tells who it was, in no table and no file; what was issued stays and is verified."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import time_machine
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from certificates.verification import Status, check, look_up
from core import seals
from core.errors import Refused
from core.models import AuditEntry, Message
from course_admin.management.commands.check_invariants import broken
from course_admin.people.pseudonymising import pseudonymise
from course_admin.people.retention import kept, with_dates
from course_admin.tests.people.conftest import EMAIL, FORMER, FULL, GIVEN, PHONE, SURNAME
from enrollment.agreement_offers import digest
from enrollment.models import Agreement, Application, EmployerNotice, Listener, SupportingPaper
from tests import factories

pytestmark = pytest.mark.django_db
# Where the person may still be named, and why: docs/decisions/0013.
ISSUED = {
    "certificates.Document.snapshot", "certificates.Document.holder", "certificates.Document.holder_key",
    "certificates.Document.facts", "certificates.JournalEntry.facts",
    "enrollment.Order.snapshot", "assessment.Protocol.snapshot",
}  # fmt: skip


@pytest.fixture
def later(life):  # type: ignore[no-untyped-def]
    """The day after the time of keeping."""
    until = kept(with_dates().get(pk=life.listener.pk)).until
    with time_machine.travel(until + timedelta(days=1), tick=False):
        yield life


def erase(life, by):  # type: ignore[no-untyped-def]
    return pseudonymise(listener=life.listener, typed=str(life.listener.pk), by=by)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every column of every table, JSON read and sealed values opened, with where it stands."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                where, value = f"{model._meta.label}.{field.name}", field.value_from_object(row)
                if isinstance(field, models.JSONField):
                    yield where, json.dumps(value, ensure_ascii=False)
                elif isinstance(value, bytes | memoryview):
                    yield where, bytes(value).decode(errors="replace")
                elif value is not None:
                    yield from opened(where, str(value))


def opened(where: str, text: str) -> Iterator[tuple[str, str]]:
    """The text as it is, with its JSON escapes read, and what is sealed in it."""
    yield where, text
    if "\\u" in text:
        yield where, text.encode("ascii", "backslashreplace").decode("unicode_escape")
    try:
        yield where, seals.unseal(text)
    except (InvalidToken, UnicodeEncodeError):
        return


def files() -> Iterator[tuple[str, str]]:
    """Every stored file as text: a PDF's words when it has pages, and its bytes."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.decode(errors="replace")
            try:
                paper = pypdfium2.PdfDocument(content)
            except pypdfium2.PdfiumError:
                continue
            yield path.name, "\n".join(page.get_textpage().get_text_bounded() for page in paper)


def traces(*secrets: str) -> set[str]:
    """Where one of the secrets stands, whatever the case."""
    wanted = [secret.casefold() for secret in secrets]
    found = [*texts(), *files()]
    return {where for where, text in found if any(secret in text.casefold() for secret in wanted)}


def secrets_of(life):  # type: ignore[no-untyped-def]
    iins = [life.iin, life.second_iin, seals.digest(life.iin), seals.digest(life.second_iin)]
    return [SURNAME, FORMER, GIVEN, EMAIL, "second@zhanabergen.kz", PHONE, "гимназия директоры", *iins]


def test_walker_finds_the_person_before(life):
    """So that its silence afterwards means something."""
    found = traces(*secrets_of(life))
    assert found >= ISSUED | {
        "enrollment.Listener.surname", "enrollment.HistoricalListener.surname", "enrollment.Listener.iin_sealed",
        "enrollment.Application.iin_sealed", "enrollment.Agreement.snapshot", "core.Message.body", "core.Message.thing",
        "core.Message.attachment", "accounts.User.email", "account.EmailAddress.email", "admin.LogEntry.object_repr",
        "admin.LogEntry.change_message", "enrollment.MovementRequest.words", "enrollment.SupportingPaper.name",
        "enrollment.ListenerMerge.before", "postcourse.Reschedule.reason", "certificates.Wish.reason",
        "enrollment.GroupApplication.contact_name", "enrollment.Application.set_aside_reason",
        "enrollment.EmployerNotice.snapshot", "enrollment.DataExport.ground", "enrollment.HistoricalAttendance.reason",
        Path(life.paper.file.name).name,
    }  # fmt: skip


def test_nothing_tells_who_it_was_but_what_was_issued(later, administrator):
    document = Path(later.document.file.name).name
    erase(later, administrator)
    assert traces(*secrets_of(later)) == ISSUED | {document}
    assert list(broken()) == []


def test_verification_answers_as_before(later, administrator):
    before = check(later.document.token)
    erase(later, administrator)
    after = check(later.document.token)
    assert (after.status, after.facts) == (before.status, before.facts)
    assert after.facts.holder == FULL
    assert look_up(later.document.number, SURNAME).status == before.status
    with later.document.file.open("rb") as file:
        assert FULL.encode() in file.read()


def test_document_without_end_of_validity_stays_valid(cohort, administrator, signatory):
    from certificates.issuing import issue
    from tests.world import decide

    enrolment = factories.make_enrolment(cohort=cohort, surname="Қалқаман")
    decide(enrolment, by=administrator, points=[1, 1, 1, 1, 1])
    outcome = enrolment.attempts.get().outcome
    document = issue(outcome=outcome, signatory=signatory, issued_on=timezone.localdate(), by=administrator)
    until = kept(with_dates().get(pk=enrolment.listener_id)).until
    with time_machine.travel(until + timedelta(days=1), tick=False):
        pseudonymise(listener=enrolment.listener, typed=str(enrolment.listener_id), by=administrator)
        assert check(document.token).status == Status.VALID


def test_entry_is_called_by_its_number(later, administrator):
    erased = erase(later, administrator)
    assert (erased.full_name, erased.iin, erased.iin_masked) == (f"Тыңдаушы {erased.pk}", "", "–")
    second = Listener.objects.get(pk=later.second.listener_id)
    assert second.full_name == f"Тыңдаушы {second.pk}"
    assert erased.iin_digest != second.iin_digest
    assert erased.history.first().history_user == administrator
    assert set(erased.history.values_list("surname", flat=True)) == {"Тыңдаушы"}


def test_account_is_closed_for_good(later, administrator, client):
    client.force_login(later.user)
    other = SessionStore()
    other["_auth_user_id"] = str(administrator.pk)
    other.save()
    erase(later, administrator)
    later.user.refresh_from_db()
    assert (later.user.is_active, later.user.has_usable_password()) == (False, False)
    assert later.user.email == f"listener-{later.user.pk}@erased.invalid"
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(administrator.pk)]
    assert client.get("/my/").status_code == 302


def test_what_was_written_loses_the_person_and_keeps_the_fact(later, administrator):
    erase(later, administrator)
    letters = {m.kind: (m.recipient, m.subject, m.body) for m in Message.objects.exclude(kind="name-corrected")}
    pseudonym = f"Тыңдаушы {later.listener.pk}"
    assert letters["reset"] == ("erased@erased.invalid", "", "")
    assert letters["tells"] == ("trainer@example.kz", pseudonym, f"Тыңдаушы: {pseudonym}")
    assert "waits" not in letters
    agreement = Agreement.objects.get(enrolment=later.third)
    assert (agreement.sha256 != digest(agreement.snapshot), agreement.snapshot["text"]) == (
        True, {"kk": f"{pseudonym}, –, –"},
    )  # fmt: skip
    notice = EmployerNotice.objects.get()
    assert (notice.snapshot, notice.employer) == (
        {"listener": {"name": pseudonym, "position": ""}, "employer": None}, None,
    )  # fmt: skip
    paper = SupportingPaper.objects.get()
    assert (paper.file.name, paper.request.reason, paper.request.words) == ("", "illness", "–")
    assert not Path(settings.MEDIA_ROOT, later.paper.file.name).exists()


def test_namesakes_letters_stay(later, administrator, other_cohort):
    twin = factories.make_enrolment(
        cohort=other_cohort, surname=SURNAME, given_name=GIVEN, patronymic="Маратқызы", email="twin@example.kz"
    ).listener
    letter = Message.objects.create(
        kind="x", thing="t", recipient="twin@example.kz", subject=twin.full_name, body=FULL, sent_at=timezone.now()
    )
    erase(later, administrator)
    letter.refresh_from_db()
    assert (letter.subject, letter.body) == (twin.full_name, FULL)


def test_others_keep_everything(later, administrator, other_listener):
    before = Listener.objects.values().get(pk=other_listener.pk)
    erase(later, administrator)
    assert Listener.objects.values().get(pk=other_listener.pk) == before


def test_erasing_twice_is_erasing_once(later, administrator):
    first = erase(later, administrator)
    trail = AuditEntry.objects.count(), first.history.count()
    assert erase(later, administrator).pseudonymised_at == first.pseudonymised_at
    assert (AuditEntry.objects.count(), first.history.count()) == trail


@pytest.mark.parametrize("typed", ["", "0", "x", "12345"])
def test_another_number_is_refused(later, administrator, typed):
    with pytest.raises(Refused, match=f"number of the person, {later.listener.pk}"):
        pseudonymise(listener=later.listener, typed=typed, by=administrator)
    assert Listener.objects.get(pk=later.listener.pk).surname == SURNAME


def test_before_its_time_it_is_refused(life, administrator):
    with pytest.raises(Refused, match="kept until"):
        erase(life, administrator)
    assert Listener.objects.get(pk=life.listener.pk).surname == SURNAME


def test_merged_entry_is_erased_with_the_one_that_stays_only(later, administrator):
    goes = Listener.objects.get(pk=later.second.listener_id)
    with pytest.raises(Refused, match="merged into another one"):
        pseudonymise(listener=goes, typed=str(goes.pk), by=administrator)


def test_person_can_come_back_as_a_new_entry(later, administrator):
    erase(later, administrator)
    assert not Listener.objects.with_iin(later.iin).exists()
    again = factories.ListenerFactory(iin=later.iin, surname=SURNAME)
    assert Listener.objects.with_iin(later.iin).get() == again


def test_frozen_words_change_only_once_the_person_is_erased(later, administrator):
    """The exceptions in the triggers reach no further than they must."""
    snapshots = [
        (Agreement.objects.filter(enrolment=later.third), {"snapshot": {}}),
        (EmployerNotice.objects.all(), {"snapshot": {}}),
        (Application.objects.all(), {"surname": "Басқа"}),
    ]

    def refused(rows, change):  # type: ignore[no-untyped-def]
        try:
            with transaction.atomic():
                rows.update(**change)
                transaction.set_rollback(True)
        except IntegrityError as error:
            return "frozen" in str(error)
        return False

    assert [refused(*one) for one in snapshots] == [True, True, True]
    erase(later, administrator)
    assert [refused(*one) for one in snapshots] == [False, False, False]
    still = [
        (Agreement.objects.filter(enrolment=later.third), {"sha256": "2" * 64}),
        (EmployerNotice.objects.all(), {"number": "2-2026"}),
    ]
    assert [refused(*one) for one in still] == [True, True]
