"""The demonstration's agreements and course materials: somebody who has yet to accept, and things to study."""

from accounts.models import User
from core.identifiers import invented_iin
from core.spreadsheets import write_xlsx
from enrollment import admission
from enrollment.models import Cohort, Listener
from programs.materials import keep_material
from programs.models import Material, MaterialKind, ProgrammeEdition

NEWCOMER_EMAIL = "newcomer@demo.kz"
LAWS = (
    (
        1,
        "Білім туралы заң",
        "Закон «Об образовании»",
        "Law on education",
        "https://adilet.zan.kz/kaz/docs/Z070000319",
    ),
    (
        1,
        "Педагог мәртебесі туралы заң",
        "Закон «О статусе педагога»",
        "Law on the status of the teacher",
        "https://adilet.zan.kz/kaz/docs/Z1900000293",
    ),
    (
        1,
        "Еңбек кодексі",
        "Трудовой кодекс",
        "Labour code",
        "https://adilet.zan.kz/kaz/docs/K1500000414",
    ),
    (
        6,
        "Білім беру объектілеріне қойылатын санитариялық-эпидемиологиялық талаптар",
        "Санитарно-эпидемиологические требования к объектам образования",
        "Sanitary and epidemiological requirements for places of education",
        "https://adilet.zan.kz/kaz/docs/V2100023890",
    ),
)
RISK_MAP = [
    "Тәуекел / Риск",
    "Ықтималдығы (1–5) / Вероятность",
    "Салдары (1–5) / Последствия",
    "Шара / Мера",
    "Жауапты / Ответственный",
    "Мерзімі / Срок",
]
RISKS = [
    ["Педагог кадрлардың жетіспеуі / Нехватка педагогов", 4, 4, "", "", ""],
    ["Ғимараттың қауіпсіздігі / Безопасность здания", 2, 5, "", "", ""],
    ["Жеке деректердің таралуы / Утечка персональных данных", 2, 4, "", "", ""],
]
CHECKLIST = ["Құзырет", "Баға (1–5)"]
QUESTIONS = (
    "Ұйымның даму мақсаттарын ұжыммен бірге анықтаймын.",
    "Шешім қабылдағанда деректер мен мониторинг нәтижесіне сүйенемін.",
    "Педагогтердің кәсіби дамуын жеке жоспар арқылы қолдаймын.",
    "Цифрлық құралдарды басқаруда жүйелі қолданамын.",
    "Тәуекелдерді алдын ала бағалап, шараларын жоспарлаймын.",
    "Әріптестерден кері байланыс сұрап, өз тәжірибеме рефлексия жасаймын.",
)


def add_materials(edition: ProgrammeEdition, *, by: User) -> None:
    """Links to legal acts of the reading list, a template and a checklist."""
    modules = {module.no: module for module in edition.modules.all()}

    def add(no: int | None, kind: str, titles: tuple[str, str, str], place: int, **more: object) -> None:
        material = Material(edition=edition, module=modules[no] if no else None, kind=kind, position=place)
        for language, title in zip(("kk", "ru", "en"), titles, strict=True):
            setattr(material, f"title_{language}", title)
        material.url = str(more.pop("url", ""))
        keep_material(material=material, by=by, **more)  # type: ignore[arg-type]

    for place, (no, kk, ru, en, url) in enumerate(LAWS, start=1):
        add(no, MaterialKind.LEGAL, (kk, ru, en), place, url=url)
    add(
        6,
        MaterialKind.TEMPLATE,
        ("Тәуекел картасының үлгісі", "Шаблон карты рисков", "Template of a risk map"),
        10,
        content=write_xlsx(RISKS, header=RISK_MAP, title="Тәуекел картасы"),
        filename="Тәуекел картасы.xlsx",
    )
    add(
        None,
        MaterialKind.CHECKLIST,
        (
            "Басшы құзыреттерінің бақылау парағы",
            "Чек-лист компетенций руководителя",
            "Checklist of a head's competences",
        ),
        1,
        content=write_xlsx([[q, ""] for q in QUESTIONS], header=CHECKLIST, title="Бақылау парағы"),
        filename="Бақылау парағы.xlsx",
    )


def admit_newcomer(cohort: Cohort, *, password: str, by: User) -> None:
    """Somebody with an account who is admitted and has not accepted the agreement yet."""
    listener = Listener.objects.filter(enrolments__cohort=cohort).order_by("pk").first()
    if listener is None:
        raise AssertionError("the cohort has people")
    user = User.objects.create_user(NEWCOMER_EMAIL, password, full_name="Ғабитова Ләззат Серікқызы", is_listener=True)
    person = Listener(
        user=user,
        surname="Ғабитова",
        given_name="Ләззат",
        patronymic="Серікқызы",
        position="директор",
        employer=listener.employer,
        email=NEWCOMER_EMAIL,
        consent=listener.consent,
        consented_on=listener.consented_on,
    )
    person.set_iin(invented_iin(5000))
    person.save()
    admission.admit(cohort=cohort, listeners=[person], by=by)
