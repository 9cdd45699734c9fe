"""The catalogues beside the packages' own: whole, well-formed, and really used by Django."""

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django import forms
from django.conf import settings as project_settings
from django.utils import translation
from django.utils.translation import trans_real

LOCALE = Path(__file__).resolve().parent.parent / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
DJANGO = Path(django.__file__).resolve().parent
# Packages that ship their source messages, so that ours can be held against them.
PACKAGES = {
    "django": DJANGO / "conf",
    "django.contrib.admin": DJANGO / "contrib/admin",
    "django.contrib.auth": DJANGO / "contrib/auth",
    "django.contrib.contenttypes": DJANGO / "contrib/contenttypes",
    "django.contrib.sessions": DJANGO / "contrib/sessions",
    "django.contrib.humanize": DJANGO / "contrib/humanize",
    "allauth": Path(allauth.__file__).resolve().parent,
}

PERCENT = re.compile(r"%(?:\(\w+\))?[sdrif]")
BRACE = re.compile(r"\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")

# Seen on every page or at every slip of the finger.
KAZAKH = {
    "Log in": "Кіру",
    "Log out": "Шығу",
    "Sign In": "Кіру",
    "Sign Out": "Шығу",
    "Home": "Басты бет",
    "Search": "Іздеу",
    "Filter": "Сүзгі",
    "Clear all filters": "Барлық сүзгіні тазалау",
    "Save": "Сақтау",
    "Save and add another": "Сақтау және тағы қосу",
    "Save and continue editing": "Сақтау және өңдеуді жалғастыру",
    "Delete": "Өшіру",
    "Delete selected %(verbose_name_plural)s": "Таңдалғандарды өшіру: %(verbose_name_plural)s",
    "Yes, I’m sure": "Иә, өшірілсін",
    "No, take me back": "Жоқ, кері қайту",
    "Add %s": "Қосу: %s",
    "Change %s": "Өзгерту: %s",
    "Select %s to change": "Өзгерту үшін таңдаңыз: %s",
    "Change": "Өзгерту",
    "View": "Қарау",
    "History": "Тарих",
    "View site": "Сайтты ашу",
    "Recent actions": "Соңғы әрекеттер",
    "Run the selected action": "Таңдалған әрекетті орындау",
    "The {name} “{obj}” was added successfully.": "Сәтті қосылды: {name} «{obj}».",
    "The {name} “{obj}” was changed successfully.": "Сәтті өзгертілді: {name} «{obj}».",
    "This field is required.": "Бұл өрісті толтыру міндетті.",
    "Enter a valid email address.": "Дұрыс электрондық пошта мекенжайын енгізіңіз.",
    "Enter a valid date.": "Күнді дұрыс енгізіңіз.",
    "Enter a whole number.": "Бүтін сан енгізіңіз.",
    "Enter a number.": "Сан енгізіңіз.",
    "Ensure this value is less than or equal to %(limit_value)s.": "Мән %(limit_value)s немесе одан кіші болуы керек.",
    "The submitted file is empty.": "Жіберілген файл бос.",
    "Select a valid choice. That choice is not one of the available choices.": (
        "Дұрыс нұсқаны таңдаңыз. Бұл нұсқа қолжетімді нұсқалардың қатарында жоқ."
    ),
    "%(model_name)s with this %(field_label)s already exists.": (
        "%(model_name)s: мұндай жазба бұрыннан бар (%(field_label)s)."
    ),
    "Password": "Құпиясөз",
    "Change Password": "Құпиясөзді өзгерту",
    "Forgot your password?": "Құпиясөзді ұмыттыңыз ба?",
    "This password is too common.": "Бұл құпиясөз тым кең таралған.",
    "Password successfully changed.": "Құпиясөз сәтті өзгертілді.",
    "The email address and/or password you specified are not correct.": (
        "Электрондық пошта мекенжайы немесе құпиясөз дұрыс емес."
    ),
    "Too many failed login attempts. Try again later.": (
        "Тым көп сәтсіз кіру әрекеті жасалды. Кейінірек қайталап көріңіз."
    ),
    "Two-Factor Authentication": "Екі факторлы аутентификация",
    "Recovery Codes": "Қалпына келтіру кодтары",
    "Export": "Экспорттау",
    "Import": "Импорттау",
    "Change history: %s": "Өзгерістер тарихы: %s",
    "Changed by": "Өзгерткен",
    "Page not found": "Бет табылмады",
    "January": "қаңтар",
    "Friday": "Жұма",
}

# Every message of these a person can meet; of Django's core, those of forms, dates and page numbers.
SEEN_WHOLE = [
    ("django.contrib.admin", "django"),
    ("django.contrib.admin", "djangojs"),
    ("django.contrib.auth", "django"),
]
SEEN_IN_FORMS = re.compile(r"core/(paginator|validators)|forms/|utils/(text|timesince|dates|ipv6)")


def _texts(entry):
    """Pairs of a source text and its translation; a plural form is held against the source's own plural."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid if number == 0 else entry.msgid_plural, text) for number, text in entry.msgstr_plural.items()]


def _skeleton(text):
    """What must be the same in a message and its translation."""
    parts = (sorted(pattern.findall(text)) for pattern in (PERCENT, BRACE, TAG))
    return *parts, text.startswith("\n"), text.endswith("\n")


def _package_messages(package, domain):
    path = PACKAGES[package] / "locale/en/LC_MESSAGES" / f"{domain}.po"
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete] if path.exists() else []


@pytest.fixture
def merged(settings, tmp_path):
    """`merged(language, domain)`: Django's own merged catalogue, over a fresh compilation of this folder."""
    for path in CATALOGUES:
        compiled = tmp_path / path.relative_to(LOCALE).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        polib.pofile(str(path)).save_as_mofile(str(compiled))
    settings.LOCALE_PATHS = [tmp_path]

    def do(language, domain="django"):
        return trans_real.DjangoTranslation(language, domain=domain)

    return do


def _found(catalogue, entry):
    key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
    return catalogue._catalog.get((key, 0) if entry.msgid_plural else key)


def test_folder_is_listed_after_the_projects_own():
    paths = [Path(path) for path in project_settings.LOCALE_PATHS]
    assert paths.index(LOCALE.parent.parent / "locale") < paths.index(LOCALE)


def test_catalogues_are_the_expected_four():
    assert [str(path.relative_to(LOCALE)) for path in CATALOGUES] == [
        "kk/LC_MESSAGES/django.po",
        "kk/LC_MESSAGES/djangojs.po",
        "ru/LC_MESSAGES/django.po",
        "ru/LC_MESSAGES/djangojs.po",
    ]


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_plural_rule_is_djangos_own_and_no_message_stands_twice(path):
    catalogue = polib.pofile(str(path), check_for_duplicates=True)
    language = path.parent.parent.name
    django_own = polib.pofile(str(DJANGO / f"conf/locale/{language}/LC_MESSAGES/django.po"))
    assert catalogue.metadata["Plural-Forms"] == django_own.metadata["Plural-Forms"]
    assert catalogue.metadata["Language"] == language


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_every_message_is_translated_and_none_is_fuzzy(path):
    catalogue = polib.pofile(str(path))
    assert len(catalogue) > 0
    assert [
        entry.msgid
        for entry in catalogue
        if entry.fuzzy or entry.obsolete or not all(text.strip() for _, text in _texts(entry))
    ] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_translations_keep_placeholders_tags_and_line_ends(path):
    assert [
        (source, text)
        for entry in polib.pofile(str(path))
        for source, text in _texts(entry)
        if _skeleton(source) != _skeleton(text)
    ] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_every_message_still_exists_in_its_package(path):
    """After an upgrade: what is named here is to be deleted or renamed in our catalogue."""
    known = {
        (package, entry.msgctxt, entry.msgid) for package in PACKAGES for entry in _package_messages(package, path.stem)
    }
    ours = [(entry.occurrences[0][0], entry) for entry in polib.pofile(str(path))]
    assert [
        entry.msgid
        for package, entry in ours
        if package in PACKAGES and (package, entry.msgctxt, entry.msgid) not in known
    ] == []


@pytest.mark.parametrize(("msgid", "text"), KAZAKH.items(), ids=KAZAKH)
def test_visible_message_is_kazakh(merged, msgid, text):
    assert merged("kk").gettext(msgid) == text


def test_error_of_a_form_is_kazakh(merged):
    with translation.override("kk"):
        field = forms.EmailField(max_length=5)
        with pytest.raises(forms.ValidationError) as refusal:
            field.clean("ұзын мекенжай")
        assert refusal.value.messages == [
            "Дұрыс электрондық пошта мекенжайын енгізіңіз.",
            "Мән ең көбі 5 таңбадан тұруы керек (қазір 13 таңба).",
        ]


def test_counted_nouns_stay_singular_in_kazakh(merged):
    catalogue = merged("kk")
    written = {catalogue.ngettext("%(num)d day", "%(num)d days", number) for number in (0, 1, 2, 5, 21, 100)}
    assert written == {"%(num)d күн"}


@pytest.mark.parametrize(("package", "domain"), SEEN_WHOLE)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_nothing_of_the_admin_panel_and_sign_in_is_left_in_english(merged, language, package, domain):
    catalogue = merged(language, domain)
    assert [entry.msgid for entry in _package_messages(package, domain) if not _found(catalogue, entry)] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_form_error_date_or_page_number_is_left_in_english(merged, language):
    catalogue = merged(language)
    seen = [
        entry
        for entry in _package_messages("django", "django")
        if any(SEEN_IN_FORMS.search(place) for place, _ in entry.occurrences)
    ]
    assert [entry.msgid for entry in seen if not _found(catalogue, entry)] == []


def test_russian_page_never_falls_back_to_a_kazakh_override(merged):
    """What Russian lacks is looked up in the project's first language: Kazakh."""
    catalogue = merged("ru")
    kazakh = [entry for path in CATALOGUES if path.match("kk/*/django.po") for entry in polib.pofile(str(path))]
    assert [entry.msgid for entry in kazakh if not _found(catalogue, entry)] == []
