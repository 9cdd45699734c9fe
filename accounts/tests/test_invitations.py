"""From the invitation to the first password, and no further."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.invitations import invite
from core import outbox
from core.errors import Refused
from core.models import Message
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NEW = "Жаңа-құпиясөз-77"


@pytest.fixture
def invited(administrator):  # type: ignore[no-untyped-def]
    user = UserFactory(email="new@example.kz", full_name="Жаңабаев Жанат", is_trainer=True)
    user.set_unusable_password()
    user.save()
    invite(user=user, by=administrator)
    return user


def link_in_letter() -> str:
    outbox.send_due()
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def test_invitation_link_sets_the_password_and_opens_the_cabinet(client, invited):
    form = client.get(link_in_letter(), follow=True)
    address = form.redirect_chain[-1][0]
    done = client.post(address, {"password1": NEW, "password2": NEW}, follow=True)
    assert done.status_code == 200
    landed = client.post(reverse("account_login"), {"login": "NEW@example.kz", "password": NEW}, follow=True)
    assert landed.redirect_chain[-1][0] == reverse("trainer_home")


def test_invitation_link_works_once(client, invited):
    link = link_in_letter()
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    client.logout()
    assert "Set a password" not in client.get(link + "?lang=en", follow=True).content.decode()


def test_invitation_text_is_erased_once_sent(invited):
    outbox.send_due()
    assert Message.objects.get().body == ""


def test_invitation_is_in_the_language_of_the_person(administrator):
    invite(user=UserFactory(email="ru@example.kz", language="en"), by=administrator)
    assert Message.objects.get().body.startswith("Good day")


def test_invitation_to_a_closed_account_is_refused(administrator):
    closed = UserFactory(is_active=False)
    with pytest.raises(Refused):
        invite(user=closed, by=administrator)
    assert Message.objects.count() == 0


def test_password_letter_takes_its_address_from_the_setting_not_from_the_request(client, trainer, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": trainer.email}, headers={"Host": "evil.example"})
    body = Message.objects.get().body
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in body
    assert "evil" not in body


def test_password_letter_to_a_stranger_looks_the_same_and_sends_nothing(client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.kz"})
    assert (response.status_code, response.url) == (302, reverse("account_reset_password_done"))
    assert Message.objects.count() == 0
