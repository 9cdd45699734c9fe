"""Language by cookie or address, never by the browser's wish; refusals as pages."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [
        ("", "", "kk"),
        ("?lang=ru", "", "ru"),
        ("", "en", "en"),
        ("?lang=kk", "en", "kk"),
        ("?lang=xx", "", "kk"),
        ("", "xx", "kk"),
    ],
)
def test_language_by_address_then_cookie_then_kazakh(client, query, cookie, language):
    if cookie:
        client.cookies["language"] = cookie
    response = client.get(f"/{query}", headers={"Accept-Language": "ru"})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


def test_language_choice_is_kept_in_a_cookie(client):
    assert client.get("/?lang=ru").cookies["language"].value == "ru"
    assert client.get("/").headers["Content-Language"] == "ru"


def test_language_choice_on_a_verification_page_sets_no_cookie(client):
    assert dict(client.get("/v/none/?lang=ru").cookies) == {}


def test_nul_in_a_query_of_a_public_page_is_a_page(client):
    assert client.get("/programme/?q=%00&lang=en").status_code == 200


def test_form_that_a_package_shows_again_is_422(client):
    assert client.post("/accounts/login/", {"login": "", "password": ""}).status_code == 422
