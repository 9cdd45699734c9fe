"""The papers' own wording in three languages: fixed with the template version, apart from the pages' translations.

A full name never stands in a sentence, because it would have to be declined: it has a line of its own, in the
nominative. That the order No 95 of 28 January 2016 is still the one to refer to is to be confirmed by the institute.
"""

WORDS: dict[str, dict[str, str]] = {
    "kk": {
        "certificate": "Сертификат",
        "order": "2016 жылғы 28 қаңтардағы №\N{NO-BREAK SPACE}95 бұйрық",
        "this_certificate": "Осы сертификат",
        "name_hint": "тегі, аты, әкесінің аты",
        "confirms": (
            "<b>«{topic}»</b> тақырыбы бойынша <b>{hours}\N{NO-BREAK SPACE}академиялық сағат</b> көлемінде "
            "біліктілікті арттыру курсынан өткенін растайды."
        ),
        "course_dates": "Курс мерзімі",
        "study_format": "Оқыту нысаны",
        "number": "Тіркеу нөмірі",
        "issued_on": "Берілген күні",
        "validity": "Жарамдылық мерзімі",
        "valid_until": "{until} дейін жарамды",
        "city": "{city} қ.",
        "acting": "м.а.",
        "acting_head": "Басшының м.а.",
        "basis": "Негіз",
        "seal": "М.О.",
        "check": "Түпнұсқалығын тексеру: QR-кодты сканерлеңіз немесе {host}/verify/ бетінде нөмір мен тегін енгізіңіз.",
        "appendix": "Сертификатқа қосымша",
        "holder": "Сертификат иесі",
        "topic": "Тақырыбы",
        "modules": "Модуль",
        "lecture": "Дәріс",
        "practice": "Практикалық сабақ",
        "self_study": "Өзіндік жұмыс",
        "hours": "Барлығы",
        "plan": "Оқу-тақырыптық жоспар, академиялық сағат",
        "total": "Барлығы",
        "volume": "Бағдарламаның көлемі",
        "results": "Қорытынды аттестация нәтижесі, ұпай",
        "criteria": "Критерий",
        "max": "Ең жоғары",
        "points": "Ұпай",
        "band": "Нәтиже",
        "attendance": "Анықтама",
        "attendance_about": "курсты тыңдағаны туралы",
        "this_statement": "Осы анықтама",
        "attended": (
            "<b>«{topic}»</b> тақырыбы бойынша <b>{hours}\N{NO-BREAK SPACE}академиялық сағат</b> көлемінде "
            "{dates} біліктілікті арттыру курсын тыңдағанын растайды."
        ),
        "not_attested": "Қорытынды аттестациядан өтпеген.",
        "no_certificate": "Бұл анықтама сертификат болып табылмайды.",
        "support": "Анықтама",
        "support_about": "курстан кейінгі қолдаудан өткені туралы",
        "supported": (
            "<b>«{topic}»</b> тақырыбы бойынша біліктілікті арттыру курсынан кейін {support_dates} курстан кейінгі "
            "қолдауға қатысқанын және басқару жобасын іске асыру жөніндегі материалдарды тапсырғанын растайды."
        ),
        "support_certificate": "Курс сертификаты",
        "support_consultations": "Өткізілген консультациялар",
        "support_events": "Топтық талқылаулар мен вебинарлар",
        "support_steps": "Жобаның орындалған қадамдары",
        "duplicate": "Телнұсқа",
        "duplicate_of": "№ {number} ({day}) орнына",
        "specimen": "Үлгі",
        "facts_file": "Құжаттың деректері, бағдарламалар үшін",
    },
    "ru": {
        "certificate": "Сертификат",
        "order": "приказ №\N{NO-BREAK SPACE}95 от 28 января 2016 года",
        "this_certificate": "Настоящий сертификат",
        "name_hint": "фамилия, имя, отчество",
        "confirms": (
            "подтверждает прохождение курса повышения квалификации по теме <b>«{topic}»</b> "
            "в объёме <b>{hours}\N{NO-BREAK SPACE}{hour_noun}</b>."
        ),
        "course_dates": "Сроки курса",
        "study_format": "Форма обучения",
        "number": "Регистрационный номер",
        "issued_on": "Дата выдачи",
        "validity": "Срок действия",
        "valid_until": "действителен до {until}",
        "city": "г. {city}",
        "acting": "и.о.",
        "acting_head": "И.о. руководителя",
        "basis": "Основание",
        "seal": "М.П.",
        "check": ("Проверка подлинности: отсканируйте QR-код или введите номер и фамилию на странице {host}/verify/."),
        "appendix": "Приложение к сертификату",
        "holder": "Обладатель сертификата",
        "topic": "Тема",
        "modules": "Модуль",
        "lecture": "Лекция",
        "practice": "Практическое занятие",
        "self_study": "Самостоятельная работа",
        "hours": "Всего",
        "plan": "Учебно-тематический план, академические часы",
        "total": "Итого",
        "volume": "Объём программы",
        "results": "Результат итоговой аттестации, баллы",
        "criteria": "Критерий",
        "max": "Максимум",
        "points": "Баллы",
        "band": "Результат",
        "attendance": "Справка",
        "attendance_about": "о прослушивании курса",
        "this_statement": "Настоящая справка",
        "attended": (
            "подтверждает прослушивание курса повышения квалификации по теме <b>«{topic}»</b> "
            "в объёме <b>{hours}\N{NO-BREAK SPACE}{hour_noun}</b> {dates}."
        ),
        "not_attested": "Итоговая аттестация не пройдена.",
        "no_certificate": "Настоящая справка не является сертификатом.",
        "support": "Справка",
        "support_about": "о прохождении посткурсового сопровождения",
        "supported": (
            "подтверждает участие в посткурсовом сопровождении после курса повышения квалификации по теме "
            "<b>«{topic}»</b> {support_dates} и представление материалов о реализации управленческого проекта."
        ),
        "support_certificate": "Сертификат курса",
        "support_consultations": "Проведено консультаций",
        "support_events": "Групповые обсуждения и вебинары",
        "support_steps": "Выполнено шагов проекта",
        "duplicate": "Дубликат",
        "duplicate_of": "взамен № {number} ({day})",
        "specimen": "Образец",
        "facts_file": "Данные документа, для программ",
    },
    "en": {
        "certificate": "Certificate",
        "order": "order No\N{NO-BREAK SPACE}95 of 28 January 2016",
        "this_certificate": "This certificate",
        "name_hint": "surname, given name, patronymic",
        "confirms": (
            "confirms the completion of the professional development course on <b>“{topic}”</b>, "
            "<b>{hours}\N{NO-BREAK SPACE}academic hours</b>."
        ),
        "course_dates": "Dates of the course",
        "study_format": "Form of study",
        "number": "Registration number",
        "issued_on": "Date of issue",
        "validity": "Validity",
        "valid_until": "valid until {until}",
        "city": "{city}",
        "acting": "acting",
        "acting_head": "Acting head",
        "basis": "Basis",
        "seal": "Seal",
        "check": "To verify, scan the QR code or enter the number and the surname at {host}/verify/.",
        "appendix": "Appendix to the certificate",
        "holder": "Holder of the certificate",
        "topic": "Topic",
        "modules": "Module",
        "lecture": "Lecture",
        "practice": "Practice",
        "self_study": "Self-study",
        "hours": "Total",
        "plan": "Plan, academic hours",
        "total": "Total",
        "volume": "Volume of the programme",
        "results": "Result of the final attestation, points",
        "criteria": "Criterion",
        "max": "Maximum",
        "points": "Points",
        "band": "Result",
        "attendance": "Statement",
        "attendance_about": "of attendance of a course",
        "this_statement": "This statement",
        "attended": (
            "confirms attendance of the professional development course on <b>“{topic}”</b>, "
            "<b>{hours}\N{NO-BREAK SPACE}academic hours</b>, {dates}."
        ),
        "not_attested": "The final attestation was not passed.",
        "no_certificate": "This statement is not a certificate.",
        "support": "Statement",
        "support_about": "of post-course support",
        "supported": (
            "confirms taking part in the post-course support that followed the professional development course on "
            "<b>“{topic}”</b> {support_dates}, and handing in materials on carrying out the management project."
        ),
        "support_certificate": "Certificate of the course",
        "support_consultations": "Consultations held",
        "support_events": "Group discussions and webinars",
        "support_steps": "Steps of the project carried out",
        "duplicate": "Duplicate",
        "duplicate_of": "in place of No {number} ({day})",
        "specimen": "Specimen",
        "facts_file": "The facts of the document, for programs",
    },
}


def hour_noun(hours: int) -> str:
    """Russian «в объёме 80 академических часов», «81 академического часа»: the genitive that the figure asks for."""
    one = hours % 10 == 1 and hours % 100 != 11
    return "академического часа" if one else "академических часов"
