"""Files of documents: whose they are, how they come, and what is said when one is lost."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from certificates.revoking import reissue
from certificates.tests.conftest import FILE
from certificates.tests.factories import PASSED_POINTS
from certificates.tests.revocations import revoke
from enrollment.models import Enrolment
from tests.world import decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture
def own(listener, administrator, make_ready):  # type: ignore[no-untyped-def]
    """A ready document of `listener`."""
    enrolment = listener.enrolments.get()
    decide(enrolment, by=administrator, points=PASSED_POINTS)
    return make_ready(enrolment.attempts.get().outcome)


def fetch(client, address):
    """The answer, read to its end, which closes the file; what it brought is `body`."""
    response = client.get(address)
    response.body = response.getvalue()
    return response


def get(client, document):
    return fetch(client, reverse("document_download", args=[document.pk]))


def test_holder_gets_the_file_under_its_number(sign_in, listener, own):
    response = get(sign_in(listener.user), own)
    assert (response.status_code, response.body) == (200, FILE)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{own.number}.pdf"'
    assert response.headers["Cache-Control"] == "private, no-store"


def test_administrator_gets_the_file_also_after_revocation(sign_in, administrator, own):
    assert get(sign_in(administrator), own).status_code == 200
    revoke(document=own, reason="қате", by=administrator)
    assert get(sign_in(administrator), own).status_code == 200


def test_file_of_somebody_else_is_not_found(sign_in, other_listener, own):
    assert get(sign_in(other_listener.user), own).status_code == 404


def test_trainer_may_not_download(sign_in, trainer, own):
    assert get(sign_in(trainer), own).status_code == 403


def test_trainer_who_is_a_listener_elsewhere_sees_only_own_files(sign_in, trainer, own):
    trainer.is_listener = True
    trainer.save()
    assert get(sign_in(trainer), own).status_code == 404


def test_stranger_is_led_to_the_sign_in(client, own):
    response = get(client, own)
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_revoked_file_is_not_given_to_its_holder(sign_in, listener, administrator, own):
    revoke(document=own, reason="қате", by=administrator)
    assert get(sign_in(listener.user), own).status_code == 404


def test_replaced_file_is_not_given_to_its_holder(sign_in, listener, administrator, signatory, own):
    new = reissue(document=own, reason="қате", signatory=signatory, by=administrator)
    client = sign_in(listener.user)
    assert [get(client, document).status_code for document in (own, new)] == [404, 404]


def test_file_of_a_document_that_does_not_exist_is_not_found(sign_in, administrator):
    client = sign_in(administrator)
    assert [client.get(f"/my/documents/{pk}/file/").status_code for pk in (0, 999_999, 2**70)] == [404] * 3


def test_lost_file_is_told_in_words(sign_in, listener, own, caplog):
    default_storage.delete(own.file.name)
    response = get(sign_in(listener.user, "en"), own)
    assert response.status_code == 503
    assert f"The file of No {own.number} cannot be read now" in response.content.decode()
    assert own.holder not in caplog.text


# --- A cohort's ZIP --------------------------------------------------------------------------------


def zip_of(client, cohort):
    return fetch(client, reverse("admin:certificates_zip", args=[cohort.pk]))


def test_zip_has_the_papers_in_force_of_the_cohort(
    sign_in, administrator, signatory, cohort, other_cohort, protocol_of, make_ready, issue_to
):
    protocol = protocol_of("Өтеген-Ұлы", "-Бекенов", "Ғабитов", "Дәулетов")
    by_name = {o.attempt.enrolment.listener.surname: o for o in protocol.outcomes.all()}
    make_ready(by_name["Өтеген-Ұлы"])
    make_ready(by_name["Бекенов"])
    revoke(document=make_ready(by_name["Ғабитов"]), reason="қате", by=administrator)
    issue_to(by_name["Дәулетов"])
    make_ready(protocol_of("Басқаев", of=other_cohort).outcomes.get())
    response = zip_of(sign_in(administrator), cohort)
    assert response.headers["Content-Disposition"] == 'attachment; filename="K-2026-1.zip"'
    archive = zipfile.ZipFile(io.BytesIO(response.body))
    assert archive.namelist() == ["AN-2026-000001 Бекенов.pdf", "SK-2026-000001 Өтеген-Ұлы.pdf"]
    assert archive.read("SK-2026-000001 Өтеген-Ұлы.pdf") == FILE


def test_zip_of_several_protocols_is_one(sign_in, administrator, cohort, protocol_of, make_ready):
    make_ready(protocol_of("Әлімов").outcomes.get())
    make_ready(protocol_of("Бекенов").outcomes.get())
    response = zip_of(sign_in(administrator), cohort)
    assert len(zipfile.ZipFile(io.BytesIO(response.body)).namelist()) == 2


def test_zip_without_a_document_leads_back_with_a_sentence(sign_in, administrator, cohort):
    response = sign_in(administrator, "en").get(reverse("admin:certificates_zip", args=[cohort.pk]), follow=True)
    assert response.redirect_chain == [(reverse("admin:enrollment_cohort_change", args=[cohort.pk]), 302)]
    assert "Cohort K-2026-1 has no ready document yet." in response.content.decode()


def test_zip_with_a_lost_file_names_it(sign_in, administrator, cohort, protocol_of, make_ready):
    document = make_ready(protocol_of("Әлімов").outcomes.get())
    default_storage.delete(document.file.name)
    response = sign_in(administrator, "en").get(reverse("admin:certificates_zip", args=[cohort.pk]), follow=True)
    assert "The file of No SK-2026-000001 cannot be read now" in response.content.decode()


def test_zip_is_for_administrators_and_by_get(sign_in, administrator, trainer, listener, cohort):
    assert [zip_of(sign_in(user), cohort).status_code for user in (trainer, listener.user)] == [403, 403]
    address = reverse("admin:certificates_zip", args=[cohort.pk])
    assert sign_in(administrator).post(address).status_code == 405
    assert sign_in(administrator).get(reverse("admin:certificates_zip", args=[2**70])).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_zip_costs_the_same_queries_for_any_number(
    sign_in, administrator, cohort, protocol_of, make_ready, count_queries, people
):
    for outcome in protocol_of(*(f"Әлімов{n}" for n in range(people))).outcomes.all():
        make_ready(outcome)
    client = sign_in(administrator)
    with count_queries() as seen:
        zip_of(client, cohort)
    assert seen.count == 5
    assert Enrolment.objects.count() == people
