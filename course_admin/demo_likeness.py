"""Three works on one task for the demonstration: two that share a passage, and one that stands alone."""

import hashlib
import io
import secrets
from collections.abc import Sequence
from datetime import timedelta

import docx
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from assessment.models import Assignment, AssignmentState, Submission, SubmittedFile, Version, WorkKind
from assessment.printing import print_versions
from core import states
from core.contents import examine
from enrollment.models import Cohort, Enrolment

INTRODUCTIONS = [
    "Біздің мектепте 620 оқушы оқиды, ғимарат 1984 жылы салынған. Соңғы жөндеу жұмыстары бес жыл бұрын жүргізілді.",
    "Гимназияда екі ауысымда 940 бала білім алады. Ауланың шығыс жағында құрылыс жүріп жатыр, сондықтан негізгі қауіп "
    "балалардың мектепке келу және қайту жолымен байланысты.",
    "Балабақшамыз қала шетінде, жақын жерде теміржол өткелі бар. Тәуекелдерді ата-аналармен бірге анықтадық.",
]
SHARED = (
    "Тәуекелдерді бағалау үш қадамнан тұрады: алдымен қауіп көздері анықталады, содан кейін олардың ықтималдығы мен "
    "салдары бес балдық шкала бойынша бағаланады, соңында әр тәуекелге жауапты адам мен мерзім бекітіледі. Карта оқу "
    "жылының басында және әр тоқсан сайын қайта қаралады, ал өзгерістер педагогикалық кеңестің хаттамасына енгізіледі."
)
OWN = [
    "Қыс мезгілінде негізгі тәуекел жылу жүйесінің тоқтауы, сондықтан қосымша қазандық пен қызмет көрсету шарты қажет.",
    "Құрылыс аяқталғанша кіреберіс батыс қақпаға ауыстырылды, кезекші мұғалімдер кестесі жаңартылды.",
    "Біз әр топтың тәрбиешісімен жеке сөйлесіп, эвакуация жолдарын балалармен ойын түрінде пысықтадық. Өткелден өту "
    "ережелері туралы апта сайын әңгіме өткізіледі, ал жолсерік ата-аналар кезекпен кезекшілікке шығады. Нәтижесінде "
    "күзде бірде-бір оқыс оқиға тіркелген жоқ, бұл тәжірибені көрші балабақшалар да қолдана бастады.",
]
HEAD = ("Тәуекел", "Ықтималдық", "Салдары", "Жауапты")
TABLES = [
    [HEAD, ("Жылу жүйесінің тоқтауы", "3", "5", "Шаруашылық меңгерушісі"),
     ("Дербес деректердің таралуы", "2", "4", "Ақпараттандыру жөніндегі орынбасар")],
    [HEAD, ("Жол-көлік оқиғасы", "4", "5", "Тәрбие ісі жөніндегі орынбасар"),
     ("Ауладағы жарақат", "3", "3", "Кезекші мұғалім")],
    [HEAD, ("Теміржол өткелі", "2", "5", "Әдіскер"), ("Тамақтан улану", "1", "5", "Медбике")],
]  # fmt: skip
ALONE = 2  # whose work is like nobody's


def seed_works(*, cohort: Cohort, by: User) -> None:
    """A task of module 6 and the works of three listeners, printed and compared."""
    module = cohort.edition.modules.get(no=6)
    now = timezone.now()
    task = Assignment(
        cohort=cohort, module=module, criterion=cohort.rubric.criteria.get(code="analysis"), kind=WorkKind.LOCAL_ACTS,
        state=AssignmentState.PUBLISHED, title_kk="Білім беру ұйымының тәуекел картасы",
        title_ru="Карта рисков организации образования", title_en="Risk map of an educational organisation",
        instructions_kk="Өз ұйымыңыздың тәуекел картасын жасаңыз.",
        instructions_ru="Составьте карту рисков своей организации.",
        instructions_en="Draw up the risk map of your own organisation.", due_at=now - timedelta(days=1), position=60,
    )  # fmt: skip
    task.save()
    states.born([task], by=by)
    for place, enrolment in enumerate(cohort.enrolments.seated().by_name()[:3]):
        _hand_in(task, enrolment, place, enrolment.listener.user or by)
    print_versions()


def _hand_in(task: Assignment, enrolment: Enrolment, place: int, by: User) -> None:
    at = timezone.now() - timedelta(days=4 - place, hours=place)
    submission = Submission(assignment=task, enrolment=enrolment, waiting_since=at)
    submission.save()
    states.born([submission], by=by)
    version = Version.objects.create(
        submission=submission, no=1, text="Жұмысым қоса берілді.", handed_in_by=by, handed_in_at=at
    )
    content = _paper([INTRODUCTIONS[place], *([] if place == ALONE else [SHARED]), OWN[place]], TABLES[place])
    SubmittedFile.objects.create(
        version=version, name="Тәуекел картасы.docx", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        content_type=examine(content).content_type,
        file=default_storage.save(f"work/{secrets.token_hex(16)}", ContentFile(content)),
    )  # fmt: skip


def _paper(paragraphs: list[str], rows: Sequence[tuple[str, ...]]) -> bytes:
    document = docx.Document()
    document.add_heading("Тәуекел картасы", 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()
