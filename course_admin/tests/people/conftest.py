"""Somebody who has something in every table that holds data of people."""

from datetime import date, timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from certificates.asking import ask_correction
from certificates.blanks import give_blank, receive_blanks
from certificates.models import IssueBatch, Wish
from certificates.revoking import propose_revocation
from core import outbox, states
from core.models import Message
from course_admin.people.dossier import record_export
from course_admin.tests.people.judged import add_judged, defended
from enrollment.agreement_offers import digest
from enrollment.confirming import confirm_name
from enrollment.correcting import Name, file_correction, make_correction
from enrollment.merging import merge
from enrollment.models import (
    Agreement,
    AgreementText,
    Application,
    Attendance,
    CommissionDecision,
    ConsentText,
    DecisionLine,
    EmployerNotice,
    Enrolment,
    EnrolmentState,
    GroupApplication,
    Listener,
    MovementRequest,
    NoticeState,
    Order,
    OrderLine,
    OrderState,
    Session,
    SupportingPaper,
)
from postcourse.models import Consultation, Reschedule
from postcourse.planning import plan_support
from tests import factories
from tests.world import POINTS, close, give_document

SURNAME, FORMER, GIVEN = "Жаңабергенова", "Жанабергенова", "Ұлжалғас"
FULL = f"{SURNAME} {GIVEN} Тоқтарқызы"
EMAIL, PHONE = "uljalgas@zhanabergen.kz", "+7 777 123 45 67"
PAPER = b"%PDF-1.4 " + FULL.encode() + b" medical"
DOCUMENT = b"%PDF-1.7 specimen of " + FULL.encode()


@pytest.fixture(autouse=True)
def _english():  # type: ignore[no-untyped-def]
    """Verbs speak the active language; here the msgids themselves."""
    with translation.override("en"):
        yield


@pytest.fixture
def life(cohort, other_cohort, administrator, trainer, signatory):  # type: ignore[no-untyped-def]
    """`life.listener` with two entries merged, and all that can come to a listener."""
    user = factories.UserFactory(email=EMAIL, full_name=FULL, is_listener=True, last_login=timezone.now())
    consent, _ = ConsentText.objects.get_or_create(version=1, defaults={"text_kk": "Келісім"})
    person = factories.make_enrolment(
        cohort=cohort, user=user, surname=FORMER, given_name=GIVEN, patronymic="Тоқтарқызы", email=EMAIL, phone=PHONE,
        position="гимназия директоры", consent=consent, consented_on=date(2026, 9, 1),
    )  # fmt: skip
    listener = person.listener
    made = SimpleNamespace(listener=listener, enrolment=person, iin=listener.iin, user=user)
    _asked(made, administrator)
    _took_part(made, trainer)
    with translation.override("en"):
        factories.make_scores(person, POINTS, by=administrator)
        defended(person, by=administrator, full_name=FULL)
        close(person, by=administrator)
    add_judged(person, user=user, trainer=trainer, full_name=FULL)
    made.document = give_document(person, by=administrator, content=DOCUMENT)
    _supported(made, administrator)
    _second_entry(made, other_cohort, administrator, consent)
    _left(made, administrator)
    _machinery(made, administrator)
    made.listener = Listener.objects.get(pk=listener.pk)
    return made


def _asked(made, administrator):  # type: ignore[no-untyped-def]
    filed = file_correction(
        listener=made.listener, name=Name(SURNAME, GIVEN, "Тоқтарқызы"), words=f"Мен {SURNAME}", by=made.user
    )
    make_correction(correction=filed, by=administrator, answer=f"Түзетілді, {FULL}")
    confirm_name(listener=made.listener, shown=FULL, by=made.user)
    request = MovementRequest(
        enrolment=made.enrolment, way="deferral", reason="illness", words=f"{FULL} {PHONE}", filed_by=made.user,
        until=date(2026, 12, 1),
    )  # fmt: skip
    request.save()
    states.born([request], by=made.user)
    paper = SupportingPaper(
        request=request, name=f"{SURNAME}.pdf", content_type="application/pdf", size=len(PAPER),
        sha256=sha256(PAPER).hexdigest(), uploaded_by=made.user,
    )  # fmt: skip
    paper.file.save("papers/1.pdf", ContentFile(PAPER))
    made.paper = paper


def _took_part(made, trainer):  # type: ignore[no-untyped-def]
    session = Session(
        cohort=made.enrolment.cohort, module=made.enrolment.cohort.edition.modules.first(), kind="lecture", hours=2,
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=9, hours=-2),
    )  # fmt: skip
    session.save()
    states.born([session], by=None)
    Attendance.objects.create(
        session=session, enrolment=made.enrolment, mark="excused", reason=f"{SURNAME}: ауырды", source="trainer",
        recorded_by=trainer, recorded_at=timezone.now(),
    )  # fmt: skip


def _supported(made, administrator):  # type: ignore[no-untyped-def]
    plan_support()
    consultation = Consultation.objects.filter(plan__outcome__attempt__enrolment=made.enrolment).first()
    Reschedule.objects.create(
        consultation=consultation, from_starts_at=consultation.starts_at, by=administrator, reason=f"{PHONE} қоңырау",
        to_starts_at=consultation.starts_at + timedelta(days=1),
    )  # fmt: skip
    Consultation.objects.filter(pk=consultation.pk).update(sequence=1)
    outcome = made.enrolment.attempts.get().outcome
    batch = IssueBatch.objects.create(
        protocol=outcome.protocol, signatory=made.document.signatory, issued_on=timezone.localdate(), by=administrator
    )
    Wish.objects.create(batch=batch, outcome=outcome, state="refused", reason=f"{FULL} құжаты бар")


def _second_entry(made, cohort, administrator, consent):  # type: ignore[no-untyped-def]
    other = factories.make_enrolment(
        cohort=cohort, surname=SURNAME, given_name=GIVEN, patronymic="", email="second@zhanabergen.kz",
        state=EnrolmentState.APPLIED,
    )  # fmt: skip
    made.second, made.second_iin = other, other.listener.iin
    application = Application(
        cohort=cohort, enrolment=other, surname=SURNAME, given_name=GIVEN, email="second@zhanabergen.kz", phone=PHONE,
        position="директор", employer_name="№ 1 гимназия", consent=consent, consented_at=timezone.now(),
        confirmed_at=timezone.now(),
    )  # fmt: skip
    application.set_iin(other.listener.iin)
    application.save()
    held = Application(
        cohort=cohort, surname=FORMER, given_name=GIVEN, email=EMAIL, consent=consent, consented_at=timezone.now(),
        confirmed_at=timezone.now(), set_aside_at=timezone.now(), set_aside_by=administrator,
        set_aside_reason=f"{FULL} екі рет өтініш берген",
    )  # fmt: skip
    held.set_iin(made.iin)
    held.save()
    GroupApplication.objects.create(
        cohort=cohort, employer_name="№ 1 гимназия", contact_name=FULL, contact_email=EMAIL, contact_phone=PHONE,
        confirmed_at=timezone.now(),
    )  # fmt: skip
    merge(stays=made.listener, goes=other.listener, by=administrator)
    states.move(Enrolment.objects.get(pk=other.pk), EnrolmentState.WITHDRAWN, by=administrator)


def _left(made, administrator):  # type: ignore[no-untyped-def]
    """An agreement in the cabinet, a decision, an order and the letter to the employer, in a third cohort."""
    edition = made.enrolment.cohort.edition
    cohort = factories.make_cohort(edition=edition, code="K-3")
    expelled = Enrolment(cohort=cohort, listener=made.listener, state=EnrolmentState.EXPELLED)
    expelled.save()
    states.born([expelled], by=administrator)
    snapshot = {"holder": FULL, "surname": SURNAME, "version": 1, "text": {"kk": f"{FULL}, {made.iin}, {EMAIL}"}}
    text, _ = AgreementText.objects.get_or_create(version=1, defaults={"text": "Келісім: {name}"})
    Agreement.objects.create(
        enrolment=expelled, kind="electronic", dated_on=date(2026, 9, 1), snapshot=snapshot, number="К-1",
        sha256=digest(snapshot), text=text, by=made.user,
    )  # fmt: skip
    decision = CommissionDecision.objects.create(
        number="7", held_on=date(2026, 9, 20), question="Тәртіп", decision="Шығару", recorded_by=administrator
    )
    decision.members.set(factories.make_members())
    DecisionLine.objects.create(decision=decision, enrolment=expelled, resolution="expel", reason="қатыспаған")
    order = Order(
        kind="expulsion", number="50-к", date=date(2026, 9, 21), signatory=made.document.signatory, decision=decision
    )
    order.save()
    states.born([order], by=administrator)
    line = OrderLine.objects.create(order=order, position=1, enrolment=expelled, note="қатыспаған")
    paper = {
        "kind": "expulsion",
        "book": "listeners",
        "number": "50-к",
        "date": "2026-09-21",
        "people": [{"name": FULL}],
    }
    states.move(order, OrderState.SIGNED, by=administrator, snapshot=paper, signed_at=timezone.now())
    notice = EmployerNotice(
        line=line, employer=made.listener.employer, year=2026, counter=1, number="1-2026", dated_on=date(2026, 9, 21),
        due_on=date(2026, 9, 24), state=NoticeState.DUE,
        snapshot={"listener": {"name": FULL, "position": "гимназия директоры"}, "employer": {"name": "№ 1"}},
    )  # fmt: skip
    notice.save()
    states.born([notice], by=administrator)
    made.notice, made.third = notice, expelled
    ask_correction(document=made.document, cause="typo", words=f"{FULL} деп жазылсын", by=made.user)
    today = timezone.localdate()
    receive_blanks(series="АБ", first=1, last=2, supplier="x", note="№ 1", received_on=today, by=administrator)
    give_blank(document=made.document, by=administrator)
    propose_revocation(document=made.document, reason="Тегінде қате", by=administrator)


def _machinery(made, administrator):  # type: ignore[no-untyped-def]
    EmailAddress.objects.create(user=made.user, email=EMAIL, primary=True)
    Authenticator.objects.create(user=made.user, type="totp", data={"secret": "x"})
    log = {"user_id": administrator.pk, "action_flag": CHANGE, "object_id": made.listener.pk}
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Listener), object_repr=FULL,
        change_message='[{"added": {"object": "' + FULL.encode("ascii", "backslashreplace").decode() + '"}}]', **log,
    )  # fmt: skip
    letters = [
        ("reset", f"{EMAIL} 2026", EMAIL.upper(), "Құпиясөз", f"Сәлем, {FULL}", True),
        ("waits", "consultation 9", EMAIL, "Консультация", f"Сәлем, {FULL}", False),
        ("tells", "consultation 9 consultant", "trainer@example.kz", f"{SURNAME} {GIVEN}", f"Тыңдаушы: {FULL}", True),
    ]
    for kind, thing, recipient, subject, body, is_sent in letters:
        letter = outbox.write(kind=kind, thing=thing, recipient=recipient, subject=subject, body=body)
        Message.objects.filter(pk=letter.pk).update(
            sent_at=timezone.now() if is_sent else None, attachment=PAPER, attachment_name=f"{SURNAME}.pdf"
        )
    with translation.override("en"):
        record_export(listener=Listener.objects.get(pk=made.listener.pk), by=administrator, ground=f"{FULL} өтініші")
