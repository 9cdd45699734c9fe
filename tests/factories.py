"""Invented people and things. IINs belong to the 19th century (years 18xx), so they are nobody's."""

from datetime import date, timedelta

import factory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import protocols
from assessment.models import Attempt, AttemptState, Protocol, Score
from core import states
from core.identifiers import invented_bin, invented_iin
from enrollment import applying, group_applying
from enrollment.applying import Applicant
from enrollment.cohorts import BEFORE_AN_ORDER
from enrollment.import_reading import Person, ReadList
from enrollment.models import (
    Agreement,
    Application,
    Body,
    Cohort,
    CohortState,
    CommissionMember,
    ConsentText,
    Employer,
    Enrolment,
    EnrolmentState,
    GroupApplication,
    Listener,
    Order,
    OrderKind,
    OrderState,
    Signatory,
)
from enrollment.order_snapshots import take_snapshot
from programs.models import Band, Criterion, EditionState, Module, Programme, ProgrammeEdition, Rubric, RubricState

SURNAMES = [
    "Әлімов",
    "Бекенова",
    "Ғабитов",
    "Дәулетова",
    "Ержанов",
    "Жақсыбекова",
    "Қасымов",
    "Нұрланова",
    "Өтеген",
    "Сәрсенова",
    "Тұрсынов",
    "Ұлықбекова",
    "Үмбетов",
    "Шәріпова",
    "Ізбасар",
]
GIVEN = ["Айбек", "Гүлнәр", "Данияр", "Әсел", "Ерлан", "Жұлдыз", "Қайрат", "Мәдина", "Нұрлан", "Сәуле"]
PATRONYMICS = ["Серікұлы", "Болатқызы", "Қанатұлы", "Маратқызы", "", "Өмірұлы"]
PASSWORD = "Сынақ-құпиясөз-2026"
COURSE_STARTS, COURSE_ENDS = date(2026, 9, 7), date(2026, 9, 25)
CRITERIA = [("theory", 20), ("cases", 25), ("analysis", 15), ("project", 30), ("reflection", 10)]
BANDS = [("excellent", 85, 100, True), ("good", 70, 84, True), ("satisfactory", 50, 69, True), ("failed", 0, 49, False)]
HOURS = [(4, 4, 4), (4, 6, 4), (3, 6, 3), (3, 5, 4), (2, 5, 3), (3, 4, 3), (0, 4, 2)]


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.kz")
    full_name = factory.Sequence(lambda n: f"{SURNAMES[n % 15]} {GIVEN[n % 10]}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):  # type: ignore[no-untyped-def]
        self.set_password(extracted or PASSWORD)
        self.save()


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    name = factory.Sequence(lambda n: f"№ {n + 1} жалпы білім беретін мектеп")
    bin = factory.Sequence(invented_bin)
    region = "Қарағанды облысы"


class ListenerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Listener

    surname = factory.Sequence(lambda n: SURNAMES[n % 15])
    given_name = factory.Sequence(lambda n: GIVEN[n % 10])
    patronymic = factory.Sequence(lambda n: PATRONYMICS[n % 6])
    position = "директор"
    employer = factory.SubFactory(EmployerFactory)
    email = factory.Sequence(lambda n: f"listener{n}@example.kz")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # type: ignore[no-untyped-def]
        iin = kwargs.pop("iin", None) or invented_iin(next(_iins))
        listener = model_class(*args, **kwargs)
        listener.set_iin(iin)
        listener.save()
        return listener


_iins = iter(range(1, 1_000_000))


def make_edition(*, year: int = 2026, state: str = EditionState.APPROVED) -> ProgrammeEdition:
    """A small edition with the real plan's hours, rubric and bands (titles shortened)."""
    programme, _ = Programme.objects.get_or_create(
        code="edu-management", defaults={"title_kk": "Білім берудегі менеджмент"}
    )
    edition = ProgrammeEdition(
        programme=programme,
        year=year,
        volume_hours=80,
        title_kk="Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
        title_ru="Менеджмент в образовании: инновационные подходы в управлении",
        title_en="Management in education: innovative approaches to administration",
        kind_kk="Біліктілікті арттыру курсы",
        audience_kk="Білім беру ұйымдарының басшылары",
        formats=["full_time", "distance", "blended"],
        acknowledgement_kk="76/80",
        acknowledged_by="Әлімов А.",
    )
    edition.save()
    states.born([edition], by=None)
    for no, (lecture, practice, self_study) in enumerate(HOURS, start=1):
        Module.objects.create(
            edition=edition,
            no=no,
            is_final=no == 7,
            lecture=lecture,
            practice=practice,
            self_study=self_study,
            title_kk=f"{no}-модуль" if no < 7 else "Қорытынды аттестация (жобаны қорғау)",
            title_ru=f"Модуль {no}" if no < 7 else "Итоговая аттестация (защита проекта)",
            title_en=f"Module {no}",
        )
    rubric = Rubric.objects.create(edition=edition, version=1)
    states.born([rubric], by=None)
    for position, (code, points) in enumerate(CRITERIA, start=1):
        Criterion.objects.create(
            rubric=rubric,
            code=code,
            position=position,
            max_points=points,
            at_defence=code == "project",
            title_kk=f"{code} критерийі",
            title_ru=f"критерий {code}",
            title_en=f"{code} criterion",
            short_kk=code,
            topic_kk=f"{code} тақырыбы",
            topic_ru=f"тема {code}",
            topic_en=f"{code} topic",
        )
    for code, low, high, passed in BANDS:
        Band.objects.create(
            rubric=rubric,
            code=code,
            from_total=low,
            to_total=high,
            passed=passed,
            title_kk=f"{code} деңгейі",
            short_kk=code,
        )
    # Rows of an approved edition refuse to change, so it is filled first and then goes its way.
    way = EditionState.values[1 : EditionState.values.index(state) + 1]
    for step in way:
        states.move(edition, step, by=None)
    if EditionState.APPROVED in way:
        states.move(rubric, RubricState.PUBLISHED, by=None)
    return edition


def make_cohort(
    *, edition: ProgrammeEdition, state: str = CohortState.OPEN, code: str = "K-2026-1", trainers=(), **fields
) -> Cohort:  # type: ignore[no-untyped-def]
    """A cohort on the edition's rubric."""
    values = {"starts_on": COURSE_STARTS, "ends_on": COURSE_ENDS, "capacity": 25} | fields
    cohort = Cohort(code=code, edition=edition, rubric=edition.rubrics.latest("version"), state=state, **values)
    cohort.save()
    states.born([cohort], by=None)
    cohort.trainers.set(trainers)
    return cohort


def make_enrolment(  # type: ignore[no-untyped-def]
    *, cohort: Cohort, state: str = EnrolmentState.ENROLLED, agreed: bool = True, **listener
) -> Enrolment:
    """A listener in the cohort, by an order where the state needs one, with the agreement on paper if `agreed`."""
    person = listener.pop("listener", None) or ListenerFactory(**listener)
    enrolment = Enrolment(cohort=cohort, listener=person, state=state)
    if state == EnrolmentState.WAITING:
        enrolment.waiting_since = timezone.now()
    if state not in (*BEFORE_AN_ORDER, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN):
        enrolment.order = make_order(cohort)
    if state == EnrolmentState.WAITING:
        enrolment.waiting_since = timezone.now()
    enrolment.save()
    states.born([enrolment], by=None)
    if agreed:
        Agreement.objects.create(enrolment=enrolment, kind=Agreement.Kind.PAPER, dated_on=cohort.starts_on)
    return enrolment


def make_order(cohort: Cohort, *, number: str | None = None, **fields) -> Order:  # type: ignore[no-untyped-def]
    """The signed order that enrolled people into the cohort; the same one each time."""
    number = number or f"{cohort.pk}-к"
    day = cohort.starts_on - timedelta(days=3)
    if known := Order.objects.filter(number=number, year=day.year).first():
        return known
    values = {"kind": OrderKind.ENROLMENT, "date": day, "signatory": Signatory.objects.first() or make_signatory()}
    order = Order(number=number, state=OrderState.SIGNED, signed_at=timezone.now(), **values | fields)
    order.snapshot = take_snapshot(order, [])
    order.save()
    states.born([order], by=None)
    return order


def applicant(serial: int | None = None, **fields) -> Applicant:  # type: ignore[no-untyped-def]
    """Somebody who applies, nobody of the register unless `iin` says so."""
    serial = next(_iins) if serial is None else serial
    values = {
        "iin": invented_iin(500_000 + serial),
        "surname": SURNAMES[serial % 15],
        "given_name": GIVEN[serial % 10],
        "patronymic": PATRONYMICS[serial % 6],
        "email": f"applicant{serial}@example.kz",
        "position": "директор",
        "employer_name": f"№ {serial} мектеп-лицей",
        "phone": "+7 701 000 00 00",
    }
    return Applicant(**values | fields)


def make_application(  # type: ignore[no-untyped-def]
    *, cohort: Cohort, is_confirmed: bool = True, language: str = "en", **fields
) -> Application:
    """An application by the verbs that the public uses; the cohort must be open."""
    consent, _ = ConsentText.objects.get_or_create(
        version=1, defaults={"text_kk": "Келісім", "text_ru": "Согласие", "text_en": "Consent"}
    )
    application = applying.submit(
        cohort=cohort, applicant=applicant(**fields), consent=consent, publication=False, language=language
    )
    return applying.confirm(application=application) if is_confirmed else application


def make_group(*, cohort: Cohort, people: int = 2, is_confirmed: bool = True, language: str = "en") -> GroupApplication:
    """An employer's list by the verbs that the public uses; the cohort must be open."""
    rows = []
    for number in range(people):
        one = applicant()
        names = {name: getattr(one, name) for name in ("iin", "surname", "given_name", "patronymic", "email", "phone")}
        rows.append(Person(number + 2, **names))
    sender = group_applying.Sender(
        "№ 7 мектеп-гимназия", invented_bin(77_777), "Сәрсенова Гүлнәр", "school7@example.kz"
    )
    reading = ReadList(rows, [], {})
    group = group_applying.submit_group(cohort=cohort, sender=sender, reading=reading, language=language)
    return group_applying.confirm_group(group=group) if is_confirmed else group


def make_scores(enrolment: Enrolment, points: list[int | None], *, by: User) -> Attempt:
    """A first attempt with these points in the rubric's order; `submitted` when none is missing."""
    complete = None not in points
    attempt = Attempt(enrolment=enrolment, state=AttemptState.SUBMITTED if complete else AttemptState.OPEN)
    attempt.save()
    states.born([attempt], by=by)
    for criterion, value in zip(enrolment.cohort.rubric.criteria.all(), points, strict=True):
        if value is not None:
            Score.objects.create(
                attempt=attempt,
                criterion=criterion,
                points=value,
                max_points=criterion.max_points,
                entered_by=by,
                entered_at=timezone.now(),
            )
    return attempt


def make_members(count: int = 3, **fields) -> list[CommissionMember]:  # type: ignore[no-untyped-def]
    """Members of the commission since 2020, the chair first."""
    values = {"position_kk": "әдіскер", "position_ru": "методист", "valid_from": date(2020, 1, 1)} | fields
    chair = values.pop("is_chair", True)
    return [
        CommissionMember.objects.create(full_name=f"{SURNAMES[n]} {GIVEN[n]}", is_chair=chair and n == 0, **values)
        for n in range(count)
    ]


def make_commission(chair: User, *, count: int = 3) -> list[CommissionMember]:
    """The attestation commission since 2020 with this chair; the members that there are, if there are any."""
    known = list(CommissionMember.objects.filter(body=Body.ATTESTATION).order_by("-is_chair", "pk"))
    return known or [
        *make_members(1, body=Body.ATTESTATION, user=chair),
        *make_members(count - 1, body=Body.ATTESTATION, is_chair=False),
    ]


def close_protocol(*, cohort: Cohort, held_on: date, leave_out, by: User, seen: str | None = None) -> Protocol:  # type: ignore[no-untyped-def]
    """Draft the cohort's next protocol and close it, both by the same administrator, who chairs the commission."""
    with transaction.atomic():
        return _drafted_and_closed(cohort, held_on, leave_out, by, seen)


def _drafted_and_closed(cohort, held_on, leave_out, by, seen):  # type: ignore[no-untyped-def]
    make_commission(by)
    commission = CommissionMember.objects.filter(body=Body.ATTESTATION).order_by("pk")
    chair = commission.filter(user=by).first() or make_members(1, body=Body.ATTESTATION, user=by)[0]
    others = list(commission.filter(user=None)[:2])  # nobody else learns of the protocol
    others += make_members(2 - len(others), body=Body.ATTESTATION, is_chair=False)
    protocol = protocols.draft_protocol(
        cohort=cohort, held_on=held_on, members=[chair, *others], chair=chair, leave_out=leave_out, by=by
    )
    return protocols.close_protocol(protocol=protocol, by=by, seen=seen)


def make_signatory(**fields) -> Signatory:  # type: ignore[no-untyped-def]
    """The head in power since 2020."""
    values = {
        "full_name": "Сейітқали Бауыржан Мұратұлы",
        "position_kk": "Директор",
        "position_ru": "Директор",
        "position_en": "Director",
        "basis": "Жарғы",
        "valid_from": date(2020, 1, 1),
    } | fields
    return Signatory.objects.create(**values)
