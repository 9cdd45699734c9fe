"""Requests of the demonstration: some wait for a decision, one was refused, and one account has options left."""

from datetime import date, timedelta

from django.conf import settings

from accounts.models import User
from core.pdf import render
from core.private_files import Upload
from enrollment.models import Cohort, Enrolment, EnrolmentState, Reason, Way
from enrollment.requesting import file_request, refuse_request

LISTENER_WITH_OPTIONS = "listener2@demo.kz"
STYLE = settings.BASE_DIR / "static" / "certificates" / "papers" / "paper.css"


def seed_requests(*, running: Cohort, decided: Cohort, opened: Cohort, by: User, password: str, today: date) -> None:
    """File them as listeners and administrators do."""
    first, second, third = running.enrolments.filter(state=EnrolmentState.ENROLLED).by_name()[4:7]
    paper = Upload("анықтама.pdf", _paper(today))
    file_request(
        enrolment=first,
        way=Way.DEFERRAL,
        reason=Reason.ILLNESS,
        words="Ауруханада жатырмын, оқуды кейін жалғастырғым келеді. Анықтаманы қоса беремін.",
        until=today + timedelta(days=120),
        papers=[paper],
        by=by,
    )
    if opened.starts_on.year == running.ends_on.year:  # in the last days of December there is no transfer
        file_request(
            enrolment=second,
            way=Way.TRANSFER,
            reason=Reason.WORK,
            words="Шұғыл іссапарға жіберілдім. Келесі ағынға ауыстыруыңызды сұраймын.",
            cohort=opened,
            papers=[paper],
            by=by,
        )
    refused = file_request(enrolment=third, way=Way.WITHDRAWAL, words="Жеке жағдайыма байланысты.", by=by)
    refuse_request(request=refused, answer="Телефонмен сөйлескендей, кейінге қалдыру туралы өтініш берген жөн.", by=by)
    _with_options(decided, opened, password)


def _with_options(decided: Cohort, opened: Cohort, password: str) -> None:
    """Somebody who did not pass and has an account: a request for assessment with a following cohort is open."""
    enrolment: Enrolment = (
        decided.enrolments.filter(state=EnrolmentState.NOT_PASSED).select_related("listener").order_by("pk")[0]
    )
    listener = enrolment.listener
    user = User.objects.create_user(LISTENER_WITH_OPTIONS, password, full_name=listener.full_name, is_listener=True)
    listener.user, listener.email = user, LISTENER_WITH_OPTIONS
    listener.save()
    file_request(enrolment=enrolment, way=Way.NEXT_COHORT, cohort=opened, by=user)


def _paper(today: date) -> bytes:
    """A certificate of illness, plainly a specimen."""
    body = (
        "<h1>АНЫҚТАМА (үлгі)</h1><p>Осы анықтама көрсету үшін жасалған және ешкімге қатысты емес.</p>"
        f"<p>{today:%d.%m.%Y}</p>"
    )
    return render(body, stylesheets=[STYLE], language="kk", title="Анықтама (үлгі)")
