"""Before the commission in the demonstration: a sitting of defences in every stage, two appeals."""

from django.utils import timezone

from accounts.models import User
from assessment.appealing import decide_appeal, file_appeal
from assessment.examining import give_points, judged_criteria, name_topic
from assessment.models import Appeal, AppealState, Defence, Outcome
from assessment.sittings import place, plan_sitting
from enrollment.models import Body, Cohort, CommissionMember

TOPICS = (
    "Мектептегі тәлімгерлік жүйесін енгізу",
    "Білім сапасының ішкі мониторингін цифрландыру",
    "Ауыл мектебінің ресурстарын тиімді жоспарлау",
    "Инклюзивті ортаны дамыту бағдарламасы",
)
WORDS = (
    "Жоба критерийі бойынша ұпайдың неге төмен қойылғаны түсініксіз: барлық көрсеткіш есептелген. Қайта қарауды "
    "сұраймын.",
    "Рефлексия бойынша ұпайды көтеруді сұраймын.",
)
LINK = "https://meet.example.kz/qorgau"


def seed_judging(*, assessing: Cohort, decided: Cohort, by: User) -> None:
    """Four defences: settled, disputed, given by one examiner, not begun; an appeal that waits and a rejected one."""
    commission = list(CommissionMember.objects.serving_on(timezone.localdate(), Body.ATTESTATION).order_by("-is_chair"))
    _defences(assessing, commission[:2], by)
    _appeals(decided, commission)


def _defences(cohort: Cohort, members: list[CommissionMember], by: User) -> None:
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    sitting = plan_sitting(
        cohort=cohort,
        starts_at=morning,
        slot_minutes=30,
        members=members,
        chair=members[0],
        room=None,
        link=LINK,
        by=by,
    )
    people = list(cohort.enrolments.seated().by_name()[3:7])
    defences = place(sitting=sitting, enrolments=people, by=by)
    chair, other = (member.user for member in members)
    for defence, topic in zip(defences, TOPICS, strict=True):
        name_topic(defence=defence, topic=topic, by=by)
    if chair is None or other is None:
        raise AssertionError("examiners have accounts")
    _give(defences[0], 24, chair)
    _give(defences[0], 25, other)
    _give(defences[1], 26, chair)
    _give(defences[1], 14, other)
    _give(defences[2], 22, other)


def _give(defence: Defence, points: int, by: User) -> None:
    give_points(defence=defence, points={c.code: points for c in judged_criteria(defence)}, by=by)


def _appeals(cohort: Cohort, commission: list[CommissionMember]) -> None:
    outcomes = Outcome.objects.filter(protocol__cohort=cohort, attempt__enrolment__listener__user__isnull=False)
    first, *others = outcomes.select_related("attempt__enrolment__listener__user").order_by("passed", "total")
    chair = commission[0].user
    _file(first, WORDS[0])
    if not others or chair is None:
        return
    appeal = _file(others[-1], WORDS[1])
    decide_appeal(
        appeal=appeal,
        state=AppealState.REJECTED,
        decision="Рефлексияда өз тәжірибесінен мысал келтірілмеген, сондықтан ұпай өзгеріссіз қалады.",
        held_on=timezone.localdate(),
        members=commission,
        by=chair,
    )


def _file(outcome: Outcome, words: str) -> Appeal:
    user = outcome.attempt.enrolment.listener.user
    if user is None:
        raise AssertionError("who appeals has an account")
    return file_appeal(outcome=outcome, words=words, papers=[], by=user)
