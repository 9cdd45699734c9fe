"""Assignments and work of the demonstration: late, returned, accepted, waiting since yesterday and for five days."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from assessment.handing_in import hand_in
from assessment.models import Assignment, Feedback, Submission, Version
from assessment.setting_tasks import publish
from assessment.standard_set import set_up_standard
from core import states
from core.pdf import render
from enrollment.models import Cohort, Enrolment, EnrolmentState
from enrollment.request_papers import Upload

STUDENT = "student@demo.kz"  # signs in and has work to hand in
STYLE = settings.BASE_DIR / "static" / "certificates" / "papers" / "paper.css"
STUDY = (
    "Мектеп директорының қызметін реттейтін үш нормативтік актіні қарастырдым: «Білім туралы» Заң, «Педагог "
    "мәртебесі туралы» Заң және Еңбек кодексі.\n"
    "«Білім туралы» Заң басшыға ұйымның жарғылық мақсаттарының орындалуын қамтамасыз етуді, қаражатты "
    "мақсатты жұмсауды және білім сапасына жауап беруді жүктейді. Біздің мектепте бұл талаптар жылдық "
    "жоспарда бекітілген, тоқсан сайын педагогикалық кеңесте есеп тыңдалады.\n"
    "«Педагог мәртебесі туралы» Заңға сәйкес басшы педагогті оған тән емес жұмысқа тартуға құқылы емес. Осы "
    "талаптың сақталуын тексеру үшін мұғалімдер толтыратын құжаттардың тізбесін қайта қарап, үш артық есепті "
    "алып тастадық.\n"
    "Еңбек кодексі еңбек шартын жасау, өзгерту және тоқтату тәртібін белгілейді. Мектепте әр өзгеріс бойынша "
    "қосымша келісім жасалады, бірақ жұмыс уақытын есепке алу журналы әлі де толық жүргізілмейді: мұны келесі "
    "тоқсаннан бастап түзетеміз."
)
CASE = (
    "Жағдаят: жас мұғалім бірінші тоқсаннан кейін жұмыстан кету туралы өтініш берді. Себебі – сағат санының "
    "көптігі және тәлімгердің болмауы.\n"
    "Бірінші нұсқа – жүктемені екі мұғалім арасында қайта бөлу. Екінші нұсқа – тәлімгер тағайындап, қосымша "
    "ақы төлеу. Екінші нұсқаны таңдаймын: ол «Педагог мәртебесі туралы» Заңға сүйенеді және ұжымға түсінікті.\n"
    "Орындаушы – директордың оқу ісі жөніндегі орынбасары, мерзімі – екі апта."
)
CASE_AGAIN = (
    CASE + "\n"
    "Тәуекелдер: тәлімгердің өз жүктемесі артады, сондықтан оның сыныптан тыс міндеттері тоқсан соңына дейін "
    "басқа мұғалімге беріледі."
)


def seed_work(*, running: Cohort, assessing: Cohort, trainer: User, password: str) -> None:
    """The standard assignments of both cohorts; the modules ahead stay drafts in the one that runs."""
    now = timezone.now()
    tasks = _publish(running, trainer, last_module=5)
    student, *others = _with_accounts(running, 5, password)
    first, second = tasks["legal_study"], tasks["management_case"]
    handed_in = min(first.due_at, now) - timedelta(hours=3)
    _answer(_give(first, student, STUDY, handed_in), "accepted", _PRAISE, trainer)
    handed_in = min(second.due_at, now) - timedelta(hours=5)
    _answer(_give(second, student, CASE, handed_in, _pdf("Кейс", CASE)), "returned", _ADVICE, trainer)
    _give(first, others[0], STUDY, now - timedelta(hours=28), _docx(STUDY))
    _give(first, others[1], STUDY.replace("үш артық", "екі артық"), now - timedelta(days=5))
    _answer(_give(second, others[2], CASE, handed_in), "returned", _ADVICE, trainer)
    _give(second, others[2], CASE_AGAIN, now - timedelta(days=1), _docx(CASE_AGAIN))
    _give(tasks["development_programme"], others[3], "", now - timedelta(hours=3), _pdf("Даму бағдарламасы", STUDY))

    tasks = _publish(assessing, trainer, last_module=7)
    project, study = tasks["project"], tasks["legal_study"]
    enrolments = _with_accounts(assessing, 3, "")
    for place, enrolment in enumerate(enrolments):
        title = ("Тәлімгерлік жүйесі", "Ішкі мониторинг картасы", "Ресурстық жоспар")[place]
        moment = min(project.due_at, now) - timedelta(hours=5 + place)
        version = _give(project, enrolment, title, moment, _pdf(title, STUDY))
        if place < 2:
            _answer(version, "accepted", _PRAISE, trainer)
    _give(study, enrolments[2], STUDY, study.due_at + timedelta(hours=20), _docx(STUDY))


_PRAISE = "Актілер дұрыс таңдалған, мысалдар өз ұйымыңыздан алынған. Жұмыс қабылданды."
_ADVICE = (
    "Шешім түсінікті, бірақ тәуекелдері қаралмаған. Тәлімгер жүктемесінің өсуін қалай шешетініңізді қосып, "
    "қайта тапсырыңыз."
)


def _publish(cohort: Cohort, trainer: User, *, last_module: int) -> dict[str, Assignment]:
    """The standard set by kind, published on the cohort's first day up to this module."""
    made = set_up_standard(cohort=cohort, by=trainer)
    first_day = timezone.make_aware(datetime.combine(cohort.starts_on, time(9)))
    for assignment in made:
        if assignment.module.no <= last_module:
            publish(assignment=assignment, by=trainer, now=first_day)
    return {assignment.kind: assignment for assignment in made}


def _with_accounts(cohort: Cohort, count: int, password: str) -> list[Enrolment]:
    """Listeners of the cohort with accounts of their own; with a password the first of them is the STUDENT."""
    taking = cohort.enrolments.filter(state=EnrolmentState.ENROLLED, listener__user=None).by_name()
    enrolments = list(taking.select_related("listener", "cohort")[8 : 8 + count])
    for place, enrolment in enumerate(enrolments):
        listener = enrolment.listener
        if password and place == 0:
            listener.email = STUDENT
        listener.user = User.objects.create_user(
            listener.email,
            password if place == 0 and password else None,
            full_name=listener.full_name,
            is_listener=True,
        )
        listener.save()
    return enrolments


def _give(
    assignment: Assignment, enrolment: Enrolment, text: str, now: datetime, file: Upload | None = None
) -> Version:
    """What the listener hands in at that moment."""
    user = enrolment.listener.user
    if user is None:
        raise AssertionError("who hands in has an account")
    return hand_in(
        assignment=assignment,
        enrolment=enrolment,
        text=text,
        files=[file] if file else [],
        request_key="",
        by=user,
        now=now,
    )


def _answer(version: Version, verdict: str, words: str, by: User) -> Submission:
    """What the trainer answers."""
    Feedback.objects.create(version=version, verdict=verdict, words=words, by=by)
    return states.move(Submission.objects.get(pk=version.submission_id), verdict, by=by)


def _pdf(title: str, text: str) -> Upload:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    body = f"<h1>{escape(title)}</h1>{paragraphs}"
    return Upload(f"{title}.pdf", render(body, stylesheets=[STYLE], language="kk", title=title))


def _docx(text: str) -> Upload:
    """A Word document of these paragraphs."""
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.wordprocessingml.document.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": _document(text.splitlines()),
    }
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + content)
    return Upload("жұмыс.docx", stored.getvalue())


def _document(lines: Sequence[str]) -> str:
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    return (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"{paragraphs}</w:body></w:document>"
    )
