"""Pages for applicants: the list, the guarded form, the page behind the link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core.identifiers import invented_bin, invented_iin
from core.models import Message
from enrollment import deciding_applications as deciding
from enrollment.models import Application, CohortState, ConsentText, Enrolment, EnrolmentState, Listener
from enrollment.tests.lists import text
from tests import factories

pytestmark = pytest.mark.django_db
IIN = invented_iin(900_001)
FIELDS = {
    "surname": "Әлімов",
    "given_name": "Айбек",
    "patronymic": "Серікұлы",
    "iin": IIN,
    "position": "директор",
    "employer_bin": "",
    "employer_name": "№ 5 мектеп",
    "email": "Aibek@Example.kz",
    "phone": "+7 701 000 00 00",
    "consent": "on",
}
START = "2026-09-01T10:00:00+05:00"


@pytest.fixture
def clock():  # type: ignore[no-untyped-def]
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def public(client):  # type: ignore[no-untyped-def]
    """A stranger's browser, in English."""
    client.cookies["language"] = "en"
    return client


def stamp_of(response):  # type: ignore[no-untyped-def]
    return re.search(r'name="stamp" value="([^"]+)"', response.content.decode())[1]


@pytest.fixture
def fill(public, open_cohort, consent, clock):  # type: ignore[no-untyped-def]
    """`fill(**fields)` opens the form, takes a minute, and sends it."""

    def do(*, seconds=60, **fields):  # type: ignore[no-untyped-def]
        address = reverse("apply_form", args=[open_cohort.code])
        stamp = stamp_of(public.get(address))
        clock.shift(timedelta(seconds=seconds))
        return public.post(address, FIELDS | {"stamp": stamp} | fields)

    return do


# --- The list -------------------------------------------------------------------------------------


def test_list_shows_open_cohorts_with_places(public, edition, open_cohort):
    full = factories.make_cohort(edition=edition, code="FULL-1", capacity=1)
    factories.make_enrolment(cohort=full, state=EnrolmentState.ADMITTED)
    for state in (CohortState.PLANNED, CohortState.RUNNING, CohortState.CANCELLED):
        factories.make_cohort(edition=edition, code=state.upper(), state=state)
    response = public.get(reverse("apply_list"))
    assert [(c.code, c.places_free) for c in response.context["cohorts"]] == [("FULL-1", 0), ("OPEN-1", 3)]
    page = text(response)
    assert ("Free places: 3" in page, page.count("Waiting list"), "sessionid" in public.cookies) == (True, 1, False)


@pytest.mark.parametrize("many", [1, 3])
def test_list_costs_one_query(public, edition, many, count_queries):
    for number in range(many):
        factories.make_cohort(edition=edition, code=f"OPEN-{number}")
    with count_queries() as seen:
        public.get(reverse("apply_list"))
    assert seen.count == 1


def test_list_is_linked_from_home_and_programme(public, edition):
    for name in ("home", "programme"):
        assert reverse("apply_list") in public.get(reverse(name)).content.decode()


def test_list_without_an_open_cohort_says_so(public, db):
    assert "No cohort takes applications at the moment" in text(public.get(reverse("apply_list")))


@pytest.mark.parametrize("name", ["apply_form", "apply_sent", "group_form", "group_template"])
def test_cohort_that_takes_no_applications_is_a_page_that_says_so(public, cohort, name):
    for code in (cohort.code, "NONE-1"):
        response = public.get(reverse(name, args=[code]))
        assert (response.status_code, "Applications are not taken here" in text(response)) == (404, True)


# --- The form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("kk", "Келісім"), ("ru", "Согласие"), ("en", "Consent")])
def test_form_shows_the_whole_consent_with_its_version(client, open_cohort, language, words):
    consent = ConsentText.objects.create(version=7, text_kk="Келісім", text_ru="Согласие", text_en="Consent")
    response = client.get(reverse("apply_form", args=[open_cohort.code]) + f"?lang={language}")
    assert (response.context["consent"], words in text(response), response["Cache-Control"]) == (
        consent, True, "no-store",
    )  # fmt: skip


def test_form_is_sent_and_answers_with_the_same_page_for_everybody(fill, public):
    factories.ListenerFactory(iin=invented_iin(900_002))
    pages = []
    for iin, email in ((IIN, "a@example.kz"), (invented_iin(900_002), "b@example.kz")):
        response = fill(iin=iin, email=email)
        assert (response.status_code, iin in response.url) == (302, False)
        pages.append(text(public.get(response.url)))
    assert pages[0] == pages[1]
    assert "A letter is on its way" in pages[0]
    assert Message.objects.filter(kind="application-confirm").count() == 2


def test_form_stores_what_was_read(fill, open_cohort, consent):
    school = factories.EmployerFactory(name="№ 8 мектеп")
    fill(surname=" Aлімов ", employer_bin=school.bin, employer_name="", publication="on")
    application = Application.objects.get()
    assert (application.surname, application.iin, application.email) == ("Алімов", IIN, "aibek@example.kz")
    assert (application.employer_name, application.employer_bin) == ("№ 8 мектеп", school.bin)
    assert (application.consent, application.publication_consented, application.language) == (consent, True, "en")


def test_form_shows_what_was_put_right_in_a_name(fill, public):
    response = public.get(fill(surname="Aлімов").url)
    assert "Latin letters in “Алімов” were replaced by Cyrillic ones: A." in text(response)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"surname": ""}, "surname", "required"),
        ({"surname": "Әлімов1"}, "surname", "no digits"),
        ({"given_name": "\u202e"}, "given_name", "invisible"),
        ({"iin": "850115100010"}, "iin", "last digit does not fit"),
        ({"iin": "1"}, "iin", "twelve digits"),
        ({"employer_bin": "123"}, "employer_bin", "twelve digits"),
        ({"employer_name": ""}, "employer_name", "Say where you work"),
        ({"employer_name": "Best prices at spam.kz"}, "employer_name", "without an address"),
        ({"employer_name": "", "employer_bin": invented_bin(77)}, "employer_name", "do not know this BIN"),
        ({"position": "x" * 201}, "position", "at most 200"),
        ({"email": "x"}, "email", "valid email"),
        ({"phone": "call me"}, "phone", "not a phone number"),
        ({"consent": ""}, "consent", "Without the consent"),
    ],
)
def test_form_refuses_in_words_at_the_field(fill, wrong, field, sentence):
    response = fill(**wrong)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field][0]
    assert (Application.objects.count(), Message.objects.count()) == (0, 0)


def test_form_never_asks_for_a_copy_of_a_document(public, open_cohort, consent):
    page = public.get(reverse("apply_form", args=[open_cohort.code])).content.decode()
    assert ('type="file"' in page, "multipart" in page) == (False, False)


# --- What keeps programs out ----------------------------------------------------------------------


def refusal_of(response):  # type: ignore[no-untyped-def]
    assert (response.status_code, Application.objects.count(), Message.objects.count()) == (422, 0, 0)
    return response.context["form"].non_field_errors()[0]


def test_form_refuses_who_fills_in_the_hidden_field_and_empties_it(fill):
    response = fill(website="https://spam.kz")
    assert "A field that people do not see was filled in" in refusal_of(response)
    assert "spam.kz" not in response.content.decode()


def test_form_refuses_what_was_sent_too_soon_and_takes_it_a_little_later(fill, public, open_cohort, clock):
    response = fill(seconds=3)
    assert "quicker than anybody reads" in refusal_of(response)
    clock.shift(timedelta(seconds=5))
    again = public.post(reverse("apply_form", args=[open_cohort.code]), FIELDS | {"stamp": stamp_of(response)})
    assert (again.status_code, Application.objects.count()) == (302, 1)


def test_form_refuses_what_was_open_too_long_and_takes_it_again(fill, public, open_cohort, clock):
    response = fill(seconds=12 * 3600 + 1)
    assert "open for too long" in refusal_of(response)
    clock.shift(timedelta(seconds=30))
    again = public.post(reverse("apply_form", args=[open_cohort.code]), FIELDS | {"stamp": stamp_of(response)})
    assert again.status_code == 302


@pytest.mark.parametrize("stamp", ["", "x", "WyIxIDEiLDFd:1abc:def"])
def test_form_refuses_a_note_that_is_not_ours(fill, stamp):
    assert "could not be checked" in refusal_of(fill(stamp=stamp))


def test_form_refuses_another_text_than_was_read(public, open_cohort, consent, clock):
    address = reverse("apply_form", args=[open_cohort.code])
    stamp = stamp_of(public.get(address))
    ConsentText.objects.create(version=8, text_kk="Жаңа", text_ru="Новое", text_en="New")
    clock.shift(timedelta(minutes=1))
    assert "The page has changed meanwhile" in refusal_of(public.post(address, FIELDS | {"stamp": stamp}))


def test_form_is_limited_by_address_and_minute(fill, settings):
    settings.APPLICATIONS_PER_MINUTE = 2
    for number in range(2):
        assert fill(seconds=5, email=f"p{number}@example.kz", iin=invented_iin(900_010 + number)).status_code == 302
    response = fill(seconds=5)
    assert (response.status_code, Application.objects.count()) == (429, 2)
    assert "Too many requests" in text(response)
    assert "Әлімов" in response.content.decode()


def test_form_sends_few_letters_to_one_address_in_a_day(fill):
    answers = [fill(seconds=900).status_code for _time in range(6)]
    assert answers == [302] * 5 + [429]


# --- The employer ---------------------------------------------------------------------------------


def test_employer_is_answered_by_name_alone(public, open_cohort):
    school = factories.EmployerFactory(name="№ 8 <мектеп>", region="Secret", email="secret@example.kz")
    address = reverse("apply_employer", args=[open_cohort.code])
    page = text(public.post(address, {"employer_bin": school.bin}))
    assert ("№ 8 &lt;мектеп&gt;" in page, "ecret" in page) == (True, False)
    assert "do not know this BIN" in text(public.post(address, {"employer_bin": invented_bin(77)}))
    assert "twelve digits" in text(public.post(address, {"employer_bin": "12"}))
    assert public.get(address).status_code == 405


@pytest.mark.usefixtures("_within_one_minute")
def test_employer_is_limited_by_address(public, open_cohort, settings):
    settings.LOOKUPS_PER_MINUTE = 1
    address = reverse("apply_employer", args=[open_cohort.code])
    assert [public.post(address, {"employer_bin": "1"}).status_code for _time in range(2)] == [200, 429]


# --- The page behind the link ---------------------------------------------------------------------


def at(application, name="application"):  # type: ignore[no-untyped-def]
    return reverse(name, args=[application.key])


def test_looking_at_the_link_changes_nothing_and_the_button_does(public, open_cohort):
    application = factories.make_application(cohort=open_cohort, is_confirmed=False)
    for _time in range(2):
        page = text(public.get(at(application)))
        assert ("It is right, confirm" in page, application.iin in page) == (True, False)
    assert Listener.objects.count() == 0
    for _time in range(2):
        response = public.post(at(application, "application_confirm"))
        assert response.url == at(application)
    assert "Your application is received" in text(public.get(at(application)))
    assert Enrolment.objects.count() == 1


def test_page_of_a_list_asks_for_the_consent(public, open_cohort, consent):
    application = factories.make_group(cohort=open_cohort).applications.first()
    address = at(application, "application_confirm")
    refused = public.post(address, {"version": consent.version})
    assert (refused.status_code, "Without the consent" in text(refused)) == (422, True)
    old = public.post(address, {"version": "99", "consent": "on"})
    assert (old.status_code, "The page has changed meanwhile" in text(old)) == (422, True)
    assert public.post(address, {"version": consent.version, "consent": "on"}).status_code == 302
    application.refresh_from_db()
    assert (application.consent, application.enrolment.state) == (consent, "applied")


def test_page_says_why_it_cannot_be_confirmed(public, edition, open_cohort):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    listener = factories.ListenerFactory(iin=IIN, email="theirs@example.kz")
    factories.make_enrolment(cohort=other, listener=listener, state=EnrolmentState.ADMITTED)
    application = factories.make_application(cohort=open_cohort, is_confirmed=False, iin=IIN, email="theirs@example.kz")
    response = public.post(at(application, "application_confirm"))
    assert (response.status_code, "take part in it: OTHER-1" in text(response)) == (422, True)


def test_page_tells_a_stranger_nothing_about_who_is_in_the_register(public, open_cohort):
    """Somebody else's IIN, from an e-mail that the register does not know: the page is that of an unknown person."""
    listener = factories.ListenerFactory(iin=IIN, surname="Әлімов", given_name="Айбек", patronymic="")
    factories.make_enrolment(cohort=open_cohort, listener=listener, state=EnrolmentState.ADMITTED)
    names = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": "", "email": "mallory@example.kz"}
    pages = []
    with time_machine.travel(START, tick=False):
        for iin in (IIN, IIN[:-4] + "0000"):
            more = {"iin": iin} if iin == IIN else {}
            application = factories.make_application(cohort=open_cohort, is_confirmed=False, **names, **more)
            Application.objects.filter(pk=application.pk).update(employer_name="x", iin_tail="0000")
            public.post(at(application, "application_confirm"))
            pages.append(text(public.get(at(application))).replace(application.key, ""))
    pages = [re.sub(r'value="\w{64}"', "", page) for page in pages]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("applied", "Your application is received"),
        ("waiting", 'Your place on the waiting list: <strong class="apply-place tabular">2</strong>'),
        ("admitted", "You have a place on the course"),
        ("refused", "Not the head of a school"),
        ("withdrawn", "Your application is taken back"),
    ],
)
def test_page_says_in_words_how_it_stands(public, open_cohort, administrator, state, words):
    application = factories.make_application(cohort=open_cohort)
    enrolment = application.enrolment
    if state == "waiting":
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.WAITING)
        for _person in range(3):
            factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    if state in ("waiting", "admitted"):
        deciding.admit_applicants(enrolments=[enrolment], by=administrator)
    if state == "refused":
        deciding.refuse_applicants(enrolments=[enrolment], reason="Not the head of a school", by=administrator)
    if state == "withdrawn":
        public.post(at(application, "application_take_back"), {"sure": "on"})
    assert words in text(public.get(at(application)))


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_page_answers_in_every_state(public, open_cohort, state):
    application = factories.make_application(cohort=open_cohort)
    other = factories.make_cohort(edition=open_cohort.edition, code="OTHER-1")
    enrolment = factories.make_enrolment(cohort=other, state=state)
    Application.objects.filter(pk=application.pk).update(enrolment=enrolment)
    assert public.get(at(application)).status_code == 200


def test_taking_back_is_meant_twice(public, open_cohort):
    application = factories.make_application(cohort=open_cohort)
    refused = public.post(at(application, "application_take_back"))
    assert (refused.status_code, "Tick that you mean it" in text(refused)) == (422, True)
    public.post(at(application, "application_take_back"), {"sure": "on"})
    application.enrolment.refresh_from_db()
    assert application.enrolment.state == "withdrawn"


def test_taking_back_before_confirming_erases(public, open_cohort):
    application = factories.make_application(cohort=open_cohort, is_confirmed=False)
    key = application.key
    response = public.post(at(application, "application_take_back"), follow=True)
    assert "Your application is taken back." in text(response)
    assert Application.objects.count() == 0
    for method in (public.get, public.post):
        name = "application" if method == public.get else "application_confirm"
        assert method(reverse(name, args=[key])).status_code == 410


@pytest.mark.parametrize("key", ["1", "1.x", "x.y", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ә"])
def test_link_that_is_not_ours_is_not_found(public, open_cohort, key):
    factories.make_application(cohort=open_cohort)
    for name in ("application", "group_application"):
        assert public.get(reverse(name, args=[key])).status_code == 404


def test_key_of_one_kind_opens_nothing_of_the_other(public, open_cohort):
    application = factories.make_application(cohort=open_cohort)
    group = factories.make_group(cohort=open_cohort)
    assert public.get(reverse("group_application", args=[application.key])).status_code == 404
    assert public.get(reverse("application", args=[group.key])).status_code == 404


def test_page_is_kept_by_nobody(public, open_cohort):
    response = public.get(at(factories.make_application(cohort=open_cohort)))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
