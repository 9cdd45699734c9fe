"""Documents of invented people at the stage a test needs."""

import secrets
from datetime import date
from typing import Any

from accounts.models import User
from assessment.models import Outcome
from certificates import journal
from certificates.models import Document, Kind
from certificates.numbering import number_for
from certificates.public import public_facts
from certificates.snapshots import take_snapshot
from certificates.validity import valid_until
from core import states
from enrollment.models import Cohort, Signatory
from tests import factories
from tests.factories import close_protocol

ISSUED_ON = date(2026, 10, 2)
PASSED_POINTS = [18, 22, 13, 27, 9]
FAILED_POINTS = [8, 9, 6, 14, 4]


def make_outcome(cohort: Cohort, *, points: list[int] | None = None, **listener: Any) -> Outcome:
    """The outcome of a new listener of a cohort in assessment, decided by a protocol of its own."""
    trainer = User.objects.filter(is_trainer=True).first() or factories.UserFactory(is_trainer=True)
    enrolment = factories.make_enrolment(cohort=cohort, **listener)
    factories.make_scores(enrolment, points or PASSED_POINTS, by=trainer)
    close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=_administrator())
    return Outcome.objects.get(attempt__enrolment=enrolment)


def _administrator() -> User:
    return User.objects.filter(is_administrator=True).first() or factories.UserFactory(is_administrator=True)


def snapshot_of(
    outcome: Outcome, signatory: Signatory, *, kind: str = Kind.CERTIFICATE, **changes: Any
) -> dict[str, Any]:
    """The snapshot of a document that would be issued from this outcome; `changes` replace its arguments."""
    arguments: dict[str, Any] = {
        "issued_on": ISSUED_ON,
        "valid_until": valid_until(ISSUED_ON) if kind == Kind.CERTIFICATE else None,
        "number": "SK-2026-000001",
        "verification_url": f"http://kurs.example.kz/v/{secrets.token_urlsafe(24)}/",
    } | changes
    return take_snapshot(kind=kind, outcome=outcome, signatory=signatory, **arguments)


def make_document(
    outcome: Outcome,
    signatory: Signatory,
    *,
    kind: str = Kind.CERTIFICATE,
    by: User | None = None,
    without: str | None = None,
) -> Document:
    """A reserved document of the outcome: numbered, with its snapshot, waiting for its file.

    `without` names an entry that the snapshot lacks, so that no paper can be made of it.
    """
    by = by or _administrator()
    counter = Document.objects.filter(kind=kind).count() + 1
    token = secrets.token_urlsafe(24)
    number = number_for(kind, ISSUED_ON.year, counter)
    until = valid_until(ISSUED_ON) if kind == Kind.CERTIFICATE else None
    enrolment = outcome.attempt.enrolment
    document = Document(
        kind=kind,
        enrolment=enrolment,
        outcome=outcome,
        signatory=signatory,
        year=ISSUED_ON.year,
        counter=counter,
        number=number,
        token=token,
        holder=enrolment.listener.full_name,
        holder_key=enrolment.listener.search_key,
        issued_on=ISSUED_ON,
        issued_by=by,
        valid_until=until,
    )
    document.snapshot = snapshot_of(
        outcome, signatory, kind=kind, number=number, verification_url=document.verification_url
    )
    document.facts = public_facts(document.snapshot)
    document.snapshot.pop(without, None)
    document.save()
    states.born([document], by=by)
    journal.note_issued(document)
    return document


def sample(*, kind: str = "certificate", second: str = "ru", **changes: Any) -> dict[str, Any]:
    """A snapshot with the real programme's words, without any database; `changes` replace its entries."""
    passed = kind != "attendance"
    values: dict[str, Any] = {
        "template": 1,
        "kind": kind,
        "languages": ["kk", second],
        "number": "SK-2026-000125" if passed else "AN-2026-000007",
        "verification_url": "https://kurs.example.kz/v/q3fJx0T8uVbKe2mYzL9aRw7cHs5dNg1p/",
        "host": "kurs.example.kz",
        "institute": {
            "kk": "«Оқу және Даму Институты» ЖШС",
            "ru": "ТОО «Оқу және Даму Институты»",
            "en": "“Oqu zhane Damu Instituty” LLP",
        },
        "city": {"kk": "Қарағанды", "ru": "Караганда", "en": "Karaganda"},
        "holder": named("Қасымова", "Әсел", "Серікқызы"),
        "topic": {
            "kk": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
            "ru": "Менеджмент в образовании: инновационные подходы в управлении",
            "en": "Management in education: innovative approaches to administration",
        },
        "hours": 80,
        "course": {"from": "2026-09-07", "to": "2026-09-25"},
        "study_format": {"kk": "күндізгі-қашықтан (аралас)", "ru": "очно-дистанционная", "en": "blended"},
        "cohort": "K-2026-1",
        "modules": [
            {
                "no": no,
                "is_final": no == 7,
                "title": dict(zip(("kk", "ru", "en"), titles, strict=True)),
                "lecture": hours[0],
                "practice": hours[1],
                "self_study": hours[2],
                "hours": sum(hours),
            }
            for no, (titles, hours) in enumerate(zip(MODULES, factories.HOURS, strict=True), start=1)
        ],
        "criteria": [
            {"code": code, "title": dict(zip(("kk", "ru", "en"), titles, strict=True)), "points": points, "max": most}
            for (code, most), titles, points in zip(
                factories.CRITERIA, CRITERIA, PASSED_POINTS if passed else FAILED_POINTS, strict=True
            )
        ],
        "total": sum(PASSED_POINTS if passed else FAILED_POINTS),
        "band": {
            "code": "excellent" if passed else "failed",
            "title": (
                {
                    "kk": "Аттестация сәтті өтті (өте жақсы)",
                    "ru": "Аттестация пройдена успешно (отлично)",
                    "en": "Attestation passed successfully (excellent)",
                }
                if passed
                else {"kk": "Аттестация өтпеді", "ru": "Аттестация не пройдена", "en": "Attestation not passed"}
            ),
        },
        "passed": passed,
        "signatory": {
            "full_name": "Сейітқали Бауыржан Мұратұлы",
            "position": {"kk": "Директор", "ru": "Директор", "en": "Director"},
            "is_acting": False,
            "basis": "Жарғы",
        },
        "issued_on": ISSUED_ON.isoformat(),
        "valid_until": valid_until(ISSUED_ON).isoformat() if kind == "certificate" else None,
    }
    if kind == "support":
        values |= {
            "number": "KQ-2027-000003",
            "modules": [],
            "criteria": [],
            "support": {
                "from": "2026-10-02",
                "to": "2027-10-01",
                "certificate": "SK-2026-000125",
                "consultations": 3,
                "events": 4,
                "steps": 5,
            },
        }
    return values | changes


def named(surname: str, given_name: str, patronymic: str = "") -> dict[str, str]:
    """The holder's entry of a snapshot."""
    return {
        "surname": surname,
        "given_name": given_name,
        "patronymic": patronymic,
        "full": " ".join(part for part in (surname, given_name, patronymic) if part),
    }


# Of 90 characters.
LONG_NAME = named("Құдайбергенова-Жүсіпбекованова", "Гүлбаршын-Мәрияммен-Әмина", "Әбдірахманқызы-Нұрмұхамедқызыныкі")
MODULES = [
    (
        "Білім беру ұйымы басшысының қызметінің нормативтік құқықтық негіздері",
        "Нормативно-правовые основы деятельности руководителя организации образования",
        "Legal and regulatory foundations of the work of the head of an educational organisation",
    ),
    (
        "Білім беру ұйымының дамуын стратегиялық басқару",
        "Стратегическое управление развитием организации образования",
        "Strategic management of the development of an educational organisation",
    ),
    (
        "Ішкі мониторинг және білім беру сапасын басқару",
        "Внутренний мониторинг и управление качеством образования",
        "Internal monitoring and quality management in education",
    ),
    (
        "Басшының көшбасшылығы және адами ресурстарды басқару",
        "Лидерство руководителя и управление человеческими ресурсами",
        "Leadership of the head and management of human resources",
    ),
    (
        "Білім беру ұйымын басқаруды цифрлық трансформациялау",
        "Цифровая трансформация управления организацией образования",
        "Digital transformation of the administration of an educational organisation",
    ),
    (
        "Ресурстарды басқару және қауіпсіз білім беру ортасын қамтамасыз ету",
        "Управление ресурсами и обеспечение безопасной образовательной среды",
        "Resource management and a safe educational environment",
    ),
    (
        "Қорытынды аттестация (жобаны қорғау)",
        "Итоговая аттестация (защита проекта)",
        "Final attestation (project defence)",
    ),
]
CRITERIA = [
    (
        "Модульдің мазмұны бойынша теориялық материалды игеру",
        "Освоение теоретического материала по содержанию модуля",
        "Mastery of the theoretical material of the modules",
    ),
    (
        "Басқару кейстер жағдаятында практикалық білімді қолдана алу",
        "Умение применять практические знания в ситуациях управленческих кейсов",
        "Ability to apply practical knowledge in management cases",
    ),
    (
        "Аналитикалық және өзіндік тапсырмаларды орындау сапасы",
        "Качество выполнения аналитических и самостоятельных заданий",
        "Quality of analytical and independent tasks",
    ),
    (
        "Басқару жобасының қорытынды сапасы (құрылымы, логика, шешімдерді негіздеу, практикада қолдану)",
        "Итоговое качество управленческого проекта (структура, логика, обоснование решений, применение на практике)",
        "Final quality of the management project (structure, logic, grounds for decisions, use in practice)",
    ),
    (
        "Кәсіби басқарушылық тәжірибеге рефлексия жасау",
        "Рефлексия профессионального управленческого опыта",
        "Reflection on professional management experience",
    ),
]
