"""A retake in the demonstration: admitted to by an order, scored; its protocol waits for the chair, with an opinion."""

from datetime import date

from accounts.models import User
from assessment.protocols import draft_protocol, give_opinion
from assessment.retaking import open_retakes
from assessment.scoring import save_score
from enrollment.models import Body, Cohort, CommissionMember, EnrolmentState, OrderKind, Signatory
from enrollment.ordering import Listed, draft_order, sign_order, suggested_number

OPINION = (
    "Жобаның тәуекелдері жеткілікті талданбаған. Жоба қорғау критерийі бойынша бағамен келіспеймін, бірақ жалпы "
    "шешімге қарсы емеспін."
)


def seed_retake(*, finished: Cohort, trainer: User, by: User, today: date) -> None:
    """By the verbs that the pages use; somebody of `finished` has not passed."""
    failed = finished.enrolments.filter(state=EnrolmentState.NOT_PASSED).by_name()[0]
    order = draft_order(
        kind=OrderKind.RETAKE,
        number=suggested_number("listeners", today.year),
        date=today,
        signatory=Signatory.objects.earliest("pk"),
        people=[Listed(failed)],
        basis="тыңдаушының өтініші",
        basis_ru="заявление слушателя",
        by=by,
    )
    sign_order(order=order, by=by)
    open_retakes()
    for criterion in finished.rubric.criteria.all():
        points = criterion.max_points * 2 // 3
        save_score(enrolment=failed, criterion=criterion, points=points, version=0, by=trainer)
    commission = list(CommissionMember.objects.serving_on(today, Body.ATTESTATION).order_by("-is_chair", "pk"))
    protocol = draft_protocol(
        cohort=finished, held_on=today, members=commission, chair=commission[0], leave_out={}, by=by
    )
    seat = protocol.members.get(member=commission[-1])
    author = commission[-1].user
    if author is None:
        raise AssertionError("the trainers of the commission have accounts")
    give_opinion(protocol=protocol, member=seat, opinion=OPINION, by=author)
