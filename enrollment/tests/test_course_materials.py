"""Who sees course materials: before the agreement nobody but staff; afterwards those who take part."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from enrollment import course_materials
from enrollment.models import Agreement, EnrolmentState
from programs.materials import keep_material
from programs.models import Material, MaterialKind
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nspecimen\n%%EOF\n"


@pytest.fixture
def case(edition):  # type: ignore[no-untyped-def]
    material = Material(
        edition=edition, module=edition.modules.first(), kind=MaterialKind.CASE, title_kk="Мектеп кейсі"
    )
    return keep_material(material=material, content=PDF, filename="Кейс.pdf", by=None)


@pytest.fixture
def link(edition):  # type: ignore[no-untyped-def]
    material = Material(edition=edition, kind=MaterialKind.LEGAL, title_kk="Заң", url="https://adilet.zan.kz/")
    return keep_material(material=material, by=None)


@pytest.fixture
def newcomer(open_cohort):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(is_listener=True)
    return factories.make_enrolment(cohort=open_cohort, agreed=False, user=user)


def agree(enrolment):  # type: ignore[no-untyped-def]
    Agreement.objects.create(enrolment=enrolment, kind="paper", number="1", dated_on=enrolment.cohort.starts_on)


def get(client, material):  # type: ignore[no-untyped-def]
    response = client.get(reverse("material_download", args=[material.pk]))
    response.body = response.getvalue()
    return response


def test_listener_sees_why_they_are_closed_and_then_the_materials(sign_in, newcomer, case, link):
    client = sign_in(newcomer.listener.user, "en")
    closed = client.get(reverse("my_materials")).content.decode()
    assert "as soon as you have accepted the course agreement" in closed
    assert reverse("my_agreement", args=[newcomer.pk]) in closed
    assert (case.title in closed, link.url in closed) == (False, False)
    assert get(client, case).status_code == 404
    agree(newcomer)
    opened = client.get(reverse("my_materials")).content.decode()
    assert (case.title in opened, link.url in opened) == (True, True)
    assert opened.index("For the whole course") < opened.index("1. Module 1")
    assert get(client, case).status_code == 200


def test_download_is_an_attachment_of_its_true_type(sign_in, listener, case):
    response = get(sign_in(listener.user), case)
    assert response.body == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9A")
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("state", "sees"),
    [
        (EnrolmentState.APPLIED, False),
        (EnrolmentState.ADMITTED, True),
        (EnrolmentState.ENROLLED, True),
        (EnrolmentState.COMPLETED, True),
        (EnrolmentState.NOT_PASSED, True),
        (EnrolmentState.DEFERRED, True),
        (EnrolmentState.TRANSFERRED, False),
        (EnrolmentState.EXPELLED, False),
        (EnrolmentState.WITHDRAWN, False),
        (EnrolmentState.REFUSED, False),
    ],
)
def test_materials_are_for_those_who_take_part(open_cohort, case, state, sees):
    user = factories.UserFactory(is_listener=True)
    enrolment = factories.make_enrolment(cohort=open_cohort, state=state, user=user, agreed=False)
    assert list(course_materials.visible_to(user)) == []
    agree(enrolment)
    assert list(course_materials.visible_to(user)) == ([case] if sees else [])


def test_unpublished_and_foreign_materials_stay_unseen(sign_in, listener, trainer, administrator, case, link):
    case.published = False
    keep_material(material=case, by=None)
    other = factories.make_edition(year=2027)
    foreign = keep_material(
        material=Material(edition=other, kind="case", title_kk="Бөтен"), content=PDF, filename="b", by=None
    )
    for person in (listener.user, trainer):
        assert list(course_materials.visible_to(person)) == [link]
        assert [get(sign_in(person), material).status_code for material in (case, foreign)] == [404, 404]
    assert get(sign_in(administrator), case).status_code == 200


def test_trainer_sees_the_materials_of_the_editions_taught(sign_in, cohort, trainer, other_trainer, case):
    client = sign_in(trainer, "en")
    page = client.get(reverse("trainer_materials")).content.decode()
    assert case.title in page
    assert get(client, case).status_code == 200
    nobody = factories.UserFactory(is_trainer=True)
    assert "You do not teach a cohort yet." in sign_in(nobody, "en").get(reverse("trainer_materials")).content.decode()
    assert get(sign_in(nobody), case).status_code == 404


def test_link_has_no_file_to_download(sign_in, listener, link):
    assert sign_in(listener.user).get(reverse("material_download", args=[link.pk])).status_code == 404


def test_lost_file_is_a_page_of_its_own(sign_in, listener, case):
    default_storage.delete(case.file.name)
    assert sign_in(listener.user).get(reverse("material_download", args=[case.pk])).status_code == 503


def test_open_enrolment_opens_the_edition_that_another_one_leaves_closed(open_cohort, edition, case, listener):
    second = factories.make_enrolment(cohort=open_cohort, listener=listener.enrolments.get().listener, agreed=False)
    shelves = course_materials.shelves_of_listener(listener.user)
    assert [(shelf.edition, shelf.is_open) for shelf in shelves] == [(edition, True)]
    assert second.may_accept


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_the_same_number_of_queries(sign_in, edition, listener, trainer, many, count_queries):
    for no in range(many):
        module = edition.modules.all()[no]
        keep_material(
            material=Material(edition=edition, module=module, kind="case", title_kk="К", url="https://e.kz"), by=None
        )
    counts = []
    for person, name in ((listener.user, "my_materials"), (trainer, "trainer_materials")):
        client = sign_in(person)
        with count_queries() as seen:
            assert client.get(reverse(name)).status_code == 200
        counts.append(seen.count)
    assert counts == [4, 4]
