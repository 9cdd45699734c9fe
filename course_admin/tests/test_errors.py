"""Error pages are sentences in the reader's language."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/nothing/", "/trainer/cohorts/99999999999999999999/scores/", "/v/%00/", "/admin/nothing/"]
)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_unknown_address_is_404_with_a_page(sign_in, trainer, administrator, path, language):
    person = administrator if path.startswith("/admin") else trainer
    response = sign_in(person, language).get(path)
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.content.decode()


def test_page_of_another_role_is_403_with_a_sentence(sign_in, listener):
    response = sign_in(listener.user, "en").get("/trainer/")
    assert response.status_code == 403
    assert "your role does not include this page" in response.content.decode()


def test_form_without_its_token_is_403_with_a_sentence(trainer):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["language"] = "en"
    response = strict.post("/accounts/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "lang=%00", "p=999999999999999999999", "o=zz", "_facets=%00", "state__exact=%00", "e=1"]
)
@pytest.mark.parametrize(
    "register", ["enrollment/cohort", "enrollment/listener", "certificates/document", "core/auditentry"]
)
def test_hostile_query_of_a_register_is_no_500(sign_in, administrator, query, register):
    assert sign_in(administrator).get(f"/admin/{register}/?{query}").status_code < 500
