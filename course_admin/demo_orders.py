"""The demonstration's orders beside enrolment: a commission, an expulsion whose letter waits, a draft, a completion."""

from datetime import date, timedelta

from accounts.models import User
from enrollment.deciding import Resolved, record_decision
from enrollment.models import Cohort, CommissionMember, DecisionLine, Enrolment, EnrolmentState, OrderKind, Signatory
from enrollment.ordering import Listed, draft_order, sign_order, suggested_number

MEMBERS = [
    ("Сәтбекова Айман Жұмабекқызы", "директордың орынбасары", "заместитель директора"),
    ("Ким Елена Викторовна", "әдіскер", "методист"),
    ("Нұрпейіс Қайсар Болатұлы", "тренер", "тренер"),
]  # fmt: skip


def seed_orders(*, running: Cohort, finished: Cohort, by: User, today: date) -> None:
    """By the verbs that the pages use; `running` has somebody to expel, `finished` people who have completed."""
    signatory = Signatory.objects.earliest("pk")
    members = [
        CommissionMember.objects.create(
            full_name=name,
            position_kk=kazakh,
            position_ru=russian,
            is_chair=n == 0,
            valid_from=today - timedelta(days=900),
        )
        for n, (name, kazakh, russian) in enumerate(MEMBERS)
    ]
    absent, leaving, *_others = running.enrolments.filter(state=EnrolmentState.ENROLLED).by_name()
    _expel(absent, members, signatory, by, today)
    _draft_withdrawal(leaving, signatory, by, today)
    completed = finished.enrolments.filter(state=EnrolmentState.COMPLETED).by_name()
    order = draft_order(
        kind=OrderKind.COMPLETION,
        number=suggested_number("listeners", today.year),
        date=today,
        signatory=signatory,
        people=[Listed(enrolment) for enrolment in completed],
        basis="қорытынды аттестация хаттамасы",
        basis_ru="протокол итоговой аттестации",
        by=by,
    )
    sign_order(order=order, by=by)


def _expel(absent: Enrolment, members: list[CommissionMember], signatory: Signatory, by: User, today: date) -> None:
    """R10 and R11: the letter to the employer stands on the front page."""
    employer = absent.listener.employer
    if employer is not None:
        employer.email, employer.address = "mektep@demo.kz", "Қарағанды облысы"
        employer.save()
    decision = record_decision(
        number="1",
        held_on=today,
        members=members,
        question="Тыңдаушының сабақтарға дәлелсіз себеппен қатыспауы туралы",
        decision="Тыңдаушы курстан шығарылсын, жұмыс берушісі хабардар етілсін.",
        people=[Resolved(absent, DecisionLine.Resolution.EXPEL, "алғашқы апта бойы сабаққа қатыспаған")],
        by=by,
    )
    order = draft_order(
        kind=OrderKind.EXPULSION,
        number=suggested_number("listeners", today.year),
        date=today,
        signatory=signatory,
        people=[Listed(absent)],
        decision=decision,
        by=by,
    )
    sign_order(order=order, by=by)


def _draft_withdrawal(leaving: Enrolment, signatory: Signatory, by: User, today: date) -> None:
    """A draft that waits for its signature."""
    draft_order(
        kind=OrderKind.WITHDRAWAL,
        number=suggested_number("listeners", today.year),
        date=today,
        signatory=signatory,
        people=[Listed(leaving, note="жеке өтініші")],
        basis="тыңдаушының жеке өтініші",
        basis_ru="личное заявление слушателя",
        by=by,
    )
