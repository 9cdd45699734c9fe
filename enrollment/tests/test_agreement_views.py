"""The agreement in the cabinet: read, accepted, downloaded, and whose it is."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from enrollment.models import Agreement, EnrolmentState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def newcomer(open_cohort):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(email="newcomer@example.kz", is_listener=True)
    return factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False, user=user)


@pytest.fixture
def cabinet(sign_in, newcomer):  # type: ignore[no-untyped-def]
    return sign_in(newcomer.listener.user, "en")


def address(enrolment, name="my_agreement"):  # type: ignore[no-untyped-def]
    return reverse(name, args=[enrolment.pk])


def read_and_accept(client, enrolment, **changes):  # type: ignore[no-untyped-def]
    seen = client.get(address(enrolment)).context["form"]["seen"].value()
    return client.post(address(enrolment), {"seen": seen, "agreed": "on"} | changes)


def test_home_calls_to_read_and_accept(cabinet, newcomer):
    before = cabinet.get("/my/").content.decode()
    assert "The course agreement waits for you" in before
    assert address(newcomer) in before
    read_and_accept(cabinet, newcomer)
    after = cabinet.get("/my/").content.decode()
    assert ("waits for you" in after, reverse("my_materials") in after) == (False, True)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "Біліктілікті арттыру курсында оқыту туралы келісім"),
        ("ru", "Договор об обучении на курсе повышения квалификации"),
        ("en", "Agreement on a professional-development course"),
    ],
)
def test_page_shows_the_filled_text_in_the_readers_language(sign_in, newcomer, language, title):
    text = sign_in(newcomer.listener.user, language).get(address(newcomer)).content.decode()
    assert title in text
    assert newcomer.listener.full_name in text
    assert "{" not in text.split("<article")[1].split("</article>")[0]


def test_acceptance_leads_to_what_was_agreed(cabinet, newcomer):
    response = read_and_accept(cabinet, newcomer)
    assert (response.status_code, response.url) == (302, address(newcomer))
    agreement = Agreement.objects.get()
    assert (agreement.enrolment, agreement.snapshot["read_in"]) == (newcomer, "en")
    text = cabinet.get(address(newcomer)).content.decode()
    assert agreement.sha256 in text
    assert reverse("agreement_download", args=[agreement.pk]) in text


def test_acceptance_twice_is_one(cabinet, newcomer):
    read_and_accept(cabinet, newcomer)
    assert cabinet.post(address(newcomer), {"seen": "x", "agreed": "on"}).status_code == 200
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"agreed": ""}, 422, "Tick that you have read the agreement and accept it."),
        ({"seen": ""}, 422, "The form could not be read."),
        ({"seen": "0" * 65}, 422, "The form could not be read."),
        ({"seen": "0" * 64}, 409, "The agreement has changed since you opened it."),
        ({"seen": "\x00"}, 422, "The form could not be read."),
    ],
)
def test_acceptance_refused_is_said_at_the_form(cabinet, newcomer, changes, status, sentence):
    response = read_and_accept(cabinet, newcomer, **changes)
    assert (response.status_code, sentence in response.content.decode()) == (status, True)
    assert Agreement.objects.count() == 0


def test_page_before_admission_says_why_not(sign_in, open_cohort):
    user = factories.UserFactory(is_listener=True)
    enrolment = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.APPLIED, agreed=False, user=user)
    client = sign_in(user, "en")
    text = client.get(address(enrolment)).content.decode()
    assert ("after admission to the cohort" in text, "Accept the agreement</button>" in text) == (True, False)
    assert "waits for you" not in client.get("/my/").content.decode()


def test_agreement_of_somebody_else_is_not_found(sign_in, newcomer, other_listener, trainer):
    client = sign_in(other_listener.user)
    assert client.get(address(newcomer)).status_code == 404
    assert client.post(address(newcomer), {"seen": "x", "agreed": "on"}).status_code == 404
    assert client.get(address(newcomer, "my_agreement_draft")).status_code == 404
    trainer.is_listener = True  # sees the enrolment as a trainer, and it is not theirs
    trainer.save()
    assert sign_in(trainer).get(address(newcomer)).status_code == 404


def test_draft_is_a_pdf_until_it_is_accepted(cabinet, newcomer):
    response = cabinet.get(address(newcomer, "my_agreement_draft"))
    assert (response.status_code, response.content[:5], response.headers["Content-Type"]) == (
        200, b"%PDF-", "application/pdf",
    )  # fmt: skip
    read_and_accept(cabinet, newcomer)
    assert cabinet.get(address(newcomer, "my_agreement_draft")).status_code == 404


def test_paper_is_for_its_listener_and_administrators(cabinet, newcomer, sign_in, administrator, other_listener):
    read_and_accept(cabinet, newcomer)
    agreement = Agreement.objects.get(enrolment=newcomer)
    path = reverse("agreement_download", args=[agreement.pk])
    response = cabinet.get(path)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{agreement.number}.pdf"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")
    assert sign_in(other_listener.user).get(path).status_code == 404
    assert sign_in(administrator).get(path).status_code == 200


def test_paper_agreement_shows_number_and_has_no_file(sign_in, listener):
    enrolment = listener.enrolments.get()
    client = sign_in(listener.user, "en")
    text = client.get(address(enrolment)).content.decode()
    assert "The signed paper is kept at the institute." in text
    assert client.get(reverse("agreement_download", args=[enrolment.agreement.pk])).status_code == 404


def test_unprintable_particulars_are_a_sentence(cabinet, newcomer):
    newcomer.listener.employer.name = "中 мектеп"
    newcomer.listener.employer.save()
    assert cabinet.get(address(newcomer, "my_agreement_draft")).status_code == 422
    response = read_and_accept(cabinet, newcomer)
    assert (response.status_code, "U+4E2D" in response.content.decode()) == (422, True)


def test_page_asks_the_same_number_of_queries_however_many_there_are(cabinet, newcomer, open_cohort, count_queries):
    counts = []
    for _ in range(2):
        with count_queries() as seen:
            cabinet.get(address(newcomer))
        counts.append(seen.count)
        factories.make_enrolment(cohort=open_cohort)
    assert counts == [counts[0]] * 2
    assert counts[0] <= 7
