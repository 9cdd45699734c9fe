"""One sign-in page; each lands where the day's work is; guessing is limited."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def post_login(client, email, password):  # type: ignore[no-untyped-def]
    return client.post(reverse("account_login"), {"login": email, "password": password}, follow=True)


@pytest.mark.parametrize(
    ("person", "place"), [("administrator", "admin:index"), ("trainer", "trainer_home"), ("listener", "my_course")]
)
def test_sign_in_lands_on_what_is_theirs(client, request, person, place):
    someone = request.getfixturevalue(person)
    email = getattr(someone, "user", someone).email
    assert post_login(client, email, PASSWORD).redirect_chain[-1][0] == reverse(place)


def test_sign_in_with_a_wrong_password_says_so(client, trainer):
    response = post_login(client, trainer.email, "қате-құпиясөз")
    assert (response.status_code, "_auth_user_id" in client.session) == (422, False)


def test_sign_in_is_limited_after_failures(client, trainer):
    for _ in range(5):
        post_login(client, trainer.email, "қате-құпиясөз")
    post_login(client, trainer.email, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_sign_up_page_does_not_exist(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client, settings, trainer, listener):
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(trainer)
    assert client.get(reverse("trainer_home")).url == reverse("mfa_activate_totp")
    client.force_login(listener.user)
    assert client.get(reverse("my_course")).status_code == 200


def test_admin_sign_in_leads_to_the_one_page(client):
    assert client.get("/admin/login/?next=/admin/").url.startswith(reverse("account_login"))


def test_last_administrator_cannot_be_shut_out(sign_in, administrator):
    address = reverse("admin:accounts_user_change", args=[administrator.pk])
    fields = {"email": administrator.email, "full_name": "Әкімшіева", "language": "kk", "is_active": "on"}
    response = sign_in(administrator).post(address, fields)
    administrator.refresh_from_db()
    assert (response.status_code, administrator.is_administrator) == (422, True)
