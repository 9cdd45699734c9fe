"""The demonstration: one cohort in every stage, all of it made by the same verbs that people use."""

import random
from dataclasses import astuple, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from assessment.protocols import close_protocol, draft_protocol
from assessment.scoring import save_score
from certificates.blanks import receive_blanks
from certificates.issuing import candidates, wish_documents
from core.spreadsheets import write_xlsx
from course_admin import demo_agree, demo_care
from course_admin.demo_apply import add_applications
from course_admin.demo_attendance import attend
from course_admin.demo_judging import seed_judging
from course_admin.demo_likeness import seed_works
from course_admin.demo_orders import seed_orders
from course_admin.demo_people import CONSULTANTS, Person, people
from course_admin.demo_requests import seed_requests
from course_admin.demo_retake import seed_retake
from course_admin.demo_self_assessment import seed_self_assessments
from course_admin.demo_timetable import make_rooms, make_timetable
from course_admin.demo_work import seed_work
from enrollment import cohorts, importing, ordering
from enrollment.models import Body, Cohort, CommissionMember, Enrolment, Listener, Signatory
from programs.models import ProgrammeEdition, StudyFormat

COLUMNS = ["ИИН", "Фамилия", "Имя", "Отчество", "Должность", "Работодатель", "БИН", "Электронная почта", "Телефон"]
LISTENER_EMAIL = "listener@demo.kz"


@dataclass(frozen=True)
class Cast:
    """Who acts in the demonstration."""

    administrator: User
    trainers: list[User]
    password: str


@transaction.atomic
def seed(*, edition: ProgrammeEdition, password: str) -> Cast:
    """Fill an empty database; every step goes through its verb, so all invariants hold."""
    cast = _cast(password)
    today = timezone.localdate()
    _signatory(today)
    _commission(cast, today)
    make_rooms()
    with translation.override("kk"):
        demo_agree.add_materials(edition, by=cast.administrator)
        _planned(edition, cast, today)
        _opened(edition, cast, today)
        _running(edition, cast, today)
        _assessing(edition, cast, today)
        _decided(edition, cast, today)
        _finished(edition, cast, today)
        _cancelled(edition, cast, today)
        by_code = {cohort.code: cohort for cohort in Cohort.objects.all()}
        seed_requests(
            running=by_code["KRG-05"],
            decided=by_code["KRG-03"],
            opened=by_code["KRG-06"],
            by=cast.administrator,
            password=password,
            today=today,
        )
        seed_orders(
            running=by_code["KRG-05"],
            finished=by_code["KRG-02"],
            by=cast.administrator,
            today=today,
        )
        seed_retake(finished=by_code["KRG-02"], trainer=cast.trainers[0], by=cast.administrator, today=today)
        seed_work(
            running=by_code["KRG-05"], assessing=by_code["KRG-04"], trainer=cast.trainers[0], password=cast.password
        )
        seed_works(cohort=by_code["KRG-04"], by=cast.administrator)
        seed_judging(assessing=by_code["KRG-04"], decided=by_code["KRG-03"], by=cast.administrator)
        seed_self_assessments(running=by_code["KRG-05"], finished=by_code["KRG-03"])
        demo_care.seed(edition, cast.administrator, Listener.objects.get(email=LISTENER_EMAIL))
        add_applications(edition=edition, full=by_code["KRG-06"], administrator=cast.administrator, today=today)
    return cast


def _cast(password: str) -> Cast:
    administrator = User.objects.create_user(
        "admin@demo.kz", password, full_name="Жүнісова Гүлсім Ақанқызы", is_administrator=True
    )
    emails = ["trainer@demo.kz", "trainer2@demo.kz", "trainer3@demo.kz"]
    trainers = [
        User.objects.create_user(email, password, full_name=name, is_trainer=True)
        for email, name in zip(emails, CONSULTANTS, strict=True)
    ]
    return Cast(administrator, trainers, password)


def _commission(cast: Cast, today: date) -> None:
    """The attestation commission: the trainers, the first of them in the chair."""
    for place, trainer in enumerate(cast.trainers):
        CommissionMember.objects.create(
            body=Body.ATTESTATION,
            user=trainer,
            full_name=trainer.full_name,
            position_kk="Аттестаттау комиссиясының төрағасы" if place == 0 else "әдіскер",
            position_ru="Председатель аттестационной комиссии" if place == 0 else "методист",
            position_en="Chair of the attestation commission" if place == 0 else "methodologist",
            is_chair=place == 0,
            valid_from=today - timedelta(days=900),
        )


def _signatory(today: date) -> None:
    Signatory.objects.create(
        full_name="Сейітқали Бауыржан Мұратұлы",
        position_kk="Директор",
        position_ru="Директор",
        position_en="Director",
        basis="Жарғы",
        valid_from=today - timedelta(days=900),
    )


def _cohort(
    edition: ProgrammeEdition, cast: Cast, code: str, starts_on: date, trainers: list[int], **details: object
) -> Cohort:
    cohort = Cohort(code=code, edition=edition, starts_on=starts_on, ends_on=starts_on + timedelta(days=18), **details)
    cohorts.plan(cohort=cohort, by=cast.administrator)
    cohort.trainers.set([cast.trainers[i] for i in trainers])
    make_timetable(cohort, by=cast.administrator)
    return cohort


def _take_in(cohort: Cohort, cast: Cast, listeners: list[Person]) -> list[Enrolment]:
    content = write_xlsx([astuple(p) for p in listeners], header=COLUMNS, title=cohort.code)
    plan = importing.plan_import(cohort, content, "list.xlsx")
    signed_on = min(cohort.starts_on, timezone.localdate())
    importing.apply_import(cohort=cohort, plan=plan, by=cast.administrator, consented_on=signed_on)
    return list(cohort.enrolments.by_name())


def _enrol(cohort: Cohort, cast: Cast, listeners: list[Person], order_no: str) -> list[Enrolment]:
    enrolments = _take_in(cohort, cast, listeners)
    day = cohort.starts_on - timedelta(days=4)
    ordering.enrol(
        enrolments=enrolments,
        number=order_no,
        date=day,
        by=cast.administrator,
        backdating_reason="Қағаздағы бұйрық жүйеге кейін енгізілді",
    )
    cohorts.start(cohort=cohort, by=cast.administrator)
    attend(cohort, list(cohort.trainers.order_by("pk")), seed=cohort.pk)
    return list(cohort.enrolments.select_related("cohort__rubric", "listener").by_name())


def _points(draw: random.Random, maximum: int, level: float) -> int:
    return max(0, min(maximum, round(maximum * draw.gauss(level, 0.09))))


def _score(enrolments: list[Enrolment], by: User, *, share: float = 1.0, weak: int = 2, seed: int = 1) -> None:
    """Enter points as a trainer would; `share` of the cells, the last `weak` people below the pass mark."""
    draw = random.Random(seed)  # noqa: S311 - the same demonstration every time
    criteria = list(enrolments[0].cohort.rubric.criteria.all())
    for place, enrolment in enumerate(enrolments):
        level = 0.38 if place >= len(enrolments) - weak else draw.uniform(0.6, 0.97)
        for criterion in criteria:
            if draw.random() <= share:
                points = _points(draw, criterion.max_points, level)
                save_score(enrolment=enrolment, criterion=criterion, points=points, version=0, by=by)


def _planned(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    _cohort(edition, cast, "KRG-07", today + timedelta(days=60), [0], study_format=StudyFormat.BLENDED)


def _opened(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    cohort = _cohort(edition, cast, "KRG-06", today + timedelta(days=14), [0, 1], language="ru")
    cohorts.open_cohort(cohort=cohort, by=cast.administrator)
    _take_in(cohort, cast, people(12))
    demo_agree.admit_newcomer(cohort, password=cast.password, by=cast.administrator)


def _running(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    cohort = _cohort(edition, cast, "KRG-05", today - timedelta(days=7), [0, 1])
    cohorts.open_cohort(cohort=cohort, by=cast.administrator)
    enrolments = _enrol(cohort, cast, people(25, skip=12), "41-к")
    _score(enrolments, cast.trainers[0], share=0.3, seed=5)


def _assessing(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    cohort = _cohort(edition, cast, "KRG-04", today - timedelta(days=21), [0, 2], study_format=StudyFormat.DISTANCE)
    cohorts.open_cohort(cohort=cohort, by=cast.administrator)
    enrolments = _enrol(cohort, cast, people(24, skip=37), "36-к")
    cohorts.begin_assessment(cohort=cohort, by=cast.administrator)
    _score(enrolments[:-2], cast.trainers[0], weak=1, seed=4)
    _score(enrolments[-2:], cast.trainers[2], share=0.6, weak=0, seed=44)


def _decided(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    """Its protocol is closed, its documents are not issued yet."""
    cohort = _cohort(edition, cast, "KRG-03", today - timedelta(days=35), [0, 1])
    _through_assessment(cohort, cast, people(25, skip=61), "28-к", today - timedelta(days=12), seed=3)


def _finished(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    """Closed, documents wished for; the worker makes them and plans the support."""
    cohort = _cohort(edition, cast, "KRG-02", today - timedelta(days=70), [0, 1, 2])
    group = people(16, skip=86)
    _through_assessment(cohort, cast, group, "19-к", today - timedelta(days=48), seed=2)
    _give_account(group[0], cast)
    protocol = cohort.protocols.get()
    receive_blanks(
        series="АБ",
        first=1001,
        last=1100,
        supplier="«Қорғалған баспа» ЖШС",
        note=f"№ 47, {today - timedelta(days=50):%d.%m.%Y}",
        received_on=today - timedelta(days=50),
        by=cast.administrator,
    )
    wish_documents(
        protocol=protocol,
        outcomes=[c.outcome for c in candidates(protocol)],
        signatory=Signatory.objects.get(),
        issued_on=today - timedelta(days=45),
        on_blanks=True,
        by=cast.administrator,
    )
    cohorts.close(cohort=cohort, by=cast.administrator)


def _through_assessment(
    cohort: Cohort, cast: Cast, group: list[Person], order_no: str, held_on: date, *, seed: int
) -> None:
    cohorts.open_cohort(cohort=cohort, by=cast.administrator)
    enrolments = _enrol(cohort, cast, group, order_no)
    cohorts.begin_assessment(cohort=cohort, by=cast.administrator)
    weak = [e for e in enrolments if e.listener.email != group[0].email][-2:]
    _score([e for e in enrolments if e not in weak] + weak, cast.trainers[0], seed=seed)
    commission = list(CommissionMember.objects.serving_on(held_on, Body.ATTESTATION))
    protocol = draft_protocol(
        cohort=cohort, held_on=held_on, members=commission, chair=commission[0], leave_out={}, by=cast.administrator
    )
    close_protocol(protocol=protocol, by=cast.trainers[0])


def _give_account(person: Person, cast: Cast) -> None:
    """The demonstration listener, who has passed and has documents."""
    listener = Listener.objects.get(email=person.email)
    user = User.objects.create_user(LISTENER_EMAIL, cast.password, full_name=listener.full_name, is_listener=True)
    listener.user, listener.email = user, LISTENER_EMAIL
    listener.save()


def _cancelled(edition: ProgrammeEdition, cast: Cast, today: date) -> None:
    cohort = _cohort(edition, cast, "KRG-01", today - timedelta(days=150), [2])
    cohorts.cancel(cohort=cohort, reason="Тыңдаушылар саны жеткіліксіз", by=cast.administrator)
