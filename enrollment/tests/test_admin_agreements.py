"""Administrators' pages of agreements: texts in versions, who of a cohort has which, papers noted."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from enrollment import agreeing
from enrollment.agreement_offers import offer_to
from enrollment.models import Agreement, AgreementText, EnrolmentState
from enrollment.tests.lists import at, text
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "Келісім\n\n{institute}\n{name}\n{topic}\n{hours}\n{cohort}\n{from}\n{to}"


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def lacking(open_cohort):  # type: ignore[no-untyped-def]
    """Two people without an agreement, admitted."""
    return [
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False, surname=surname)
        for surname in ("Әлімова", "Бекенова")
    ]


def accepted(enrolment):  # type: ignore[no-untyped-def]
    listener = enrolment.listener
    listener.user = factories.UserFactory(is_listener=True)
    listener.save()
    return agreeing.accept_agreement(
        enrolment=enrolment, seen=offer_to(enrolment).fingerprint, language="kk", by=listener.user
    )


# --- Texts ----------------------------------------------------------------------------------------


def texts(**changes):  # type: ignore[no-untyped-def]
    return {f"text_{code}": TEXT for code in ("kk", "ru", "en")} | changes


def test_new_text_is_the_next_version(admin):
    response = admin.post(reverse("admin:enrollment_agreementtext_add"), texts())
    assert response.status_code == 302
    newest = AgreementText.objects.first()
    assert (newest.version, newest.text_ru) == (2, TEXT)


def test_text_without_a_needed_gap_is_stored_with_a_warning(admin):
    short = TEXT.replace("{hours}", "").replace("{to}", "")
    response = admin.post(reverse("admin:enrollment_agreementtext_add"), texts(text_ru=short), follow=True)
    assert "the text does not say {hours}, {to}. An agreement should." in text(response)
    assert AgreementText.objects.first().version == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text_ru": "{имя}"}, "There is no such gap: {имя}."),
        ({"text_en": "{name"}, "A brace stands alone."),
        ({"text_kk": ""}, "This field is required."),
        ({"text_kk": "中"}, "U+4E2D"),
    ],
)
def test_text_with_a_mistake_is_refused_at_its_field(admin, changes, sentence):
    response = admin.post(reverse("admin:enrollment_agreementtext_add"), texts(**changes))
    assert (response.status_code, sentence in text(response)) == (422, True)
    assert AgreementText.objects.count() == 1


def test_used_text_is_only_read(admin, lacking):
    version = AgreementText.objects.get()
    change = reverse("admin:enrollment_agreementtext_change", args=[version.pk])
    assert admin.post(change, texts()).status_code == 302
    accepted(lacking[0])
    assert admin.post(change, texts(text_ru=TEXT + "!")).status_code == 403
    assert (
        admin.post(reverse("admin:enrollment_agreementtext_delete", args=[version.pk]), {"post": "yes"}).status_code
        == 403
    )
    version.refresh_from_db()
    assert version.text_ru == TEXT


def test_example_of_a_text_is_a_paper(admin, open_cohort):
    version = AgreementText.objects.get()
    response = admin.get(reverse("admin:enrollment_agreementtext_example", args=[version.pk]))
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")


def test_example_without_a_cohort_says_what_to_do(admin):
    version = AgreementText.objects.get()
    response = admin.get(reverse("admin:enrollment_agreementtext_example", args=[version.pk]), follow=True)
    assert "Plan a cohort first" in text(response)


# --- A cohort's agreements ------------------------------------------------------------------------


def test_page_lists_who_has_which_and_who_has_none(admin, open_cohort, lacking):
    made = accepted(lacking[0])
    paper = factories.make_enrolment(cohort=open_cohort, surname="Ғабитова")
    shown = text(admin.get(at("agreements", open_cohort)))
    having = shown.split("With an agreement")[1]
    assert [str(e.listener) in having for e in (lacking[0], paper, lacking[1])] == [True, True, False]
    assert made.number in having
    assert reverse("agreement_download", args=[made.pk]) in having
    assert "No agreement yet: 1" in shown


def test_papers_are_noted_with_own_and_common_number(admin, open_cohort, lacking, administrator):
    open_cohort.starts_on = date(2026, 9, 7)
    chosen = [str(e.pk) for e in lacking]
    response = admin.post(
        at("agreements", open_cohort),
        {"people": chosen, "number": "7", f"number_{chosen[1]}": "8/а", "dated_on": "2026-09-01"},
    )
    assert response.status_code == 302
    rows = Agreement.objects.order_by("enrolment").values_list("enrolment", "kind", "number", "dated_on", "by")
    day, by = date(2026, 9, 1), administrator.pk
    assert list(rows) == [(lacking[0].pk, "paper", "7", day, by), (lacking[1].pk, "paper", "8/а", day, by)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"people": []}, "Choose at least one person."),
        ({"people": ["999999"]}, "The list has changed in between."),
        ({"number": ""}, "Give the number of the agreement: Әлімова"),
        ({"dated_on": "2999-01-01"}, "lies in the future"),
        ({"dated_on": "1999-12-31"}, "cannot be before 2000"),
        ({"dated_on": "вчера"}, "Enter a valid date."),
        ({"number": "7" * 41}, "at most 40 characters"),
    ],
)
def test_paper_with_a_mistake_is_refused(admin, open_cohort, lacking, changes, sentence):
    values = {"people": [str(lacking[0].pk)], "number": "7", "dated_on": "2026-09-01"} | changes
    response = admin.post(at("agreements", open_cohort), values)
    assert (response.status_code, sentence in text(response)) == (422, True)
    assert Agreement.objects.count() == 0


def test_hub_and_enrol_page_show_who_lacks_one(admin, open_cohort, lacking):
    accepted(lacking[0])
    hub = text(admin.get(at("change", open_cohort)))
    assert hub.count("no agreement<") == 1
    assert at("agreements", open_cohort) in hub
    response = admin.get(at("enrol", open_cohort))
    assert response.context["ticked"] == {str(lacking[0].pk)}
    assert "so the order cannot enrol them yet: 1" in text(response)


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_the_same_number_of_queries(admin, edition, many, count_queries):
    cohort = factories.make_cohort(edition=edition, code="MANY")
    for _ in range(many):
        factories.make_enrolment(cohort=cohort)
        factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED, agreed=False)
    counts = {}
    for name in ("agreements", "enrol"):
        with count_queries() as seen:
            assert admin.get(at(name, cohort)).status_code == 200
        counts[name] = seen.count
    with count_queries() as seen:
        assert admin.get(reverse("admin:enrollment_agreement_changelist")).status_code == 200
    assert counts == {"agreements": 4, "enrol": 5}
    assert seen.count <= 8


def test_register_of_agreements_is_searched_and_read(admin, lacking):
    made = accepted(lacking[0])
    shown = text(admin.get(reverse("admin:enrollment_agreement_changelist") + "?q=алимова"))
    assert made.number in shown
    page = text(admin.get(reverse("admin:enrollment_agreement_change", args=[made.pk])))
    assert made.sha256 in page
    assert made.number not in text(admin.get(reverse("admin:enrollment_agreement_changelist") + "?q=бекенова"))
