"""Letters to applicants."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import translation

from core import outbox
from core.models import Message
from enrollment import application_letters as letters
from enrollment import deciding_applications as deciding
from enrollment.admission import withdraw
from enrollment.cohorts import cancel
from tests import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_is_in_the_language_of_the_application(open_cohort, administrator, language):
    application = factories.make_application(cohort=open_cohort, language=language)
    with translation.override("ru" if language == "kk" else "kk"):
        deciding.admit_applicants(enrolments=[application.enrolment], by=administrator)
    with translation.override(language):
        subject, lead = letters.TEXTS[letters.ADMITTED](application)
        title = open_cohort.edition.title
    letter = Message.objects.get(kind=letters.ADMITTED)
    assert (letter.subject, letter.recipient, letter.secret) == (subject, application.email, True)
    assert [words in letter.body for words in (lead, title, "OPEN-1", application.full_name)] == [True] * 4
    assert f"?lang={language}" in letter.body


def test_link_of_the_letter_opens_the_page(open_cohort, client):
    factories.make_application(cohort=open_cohort, is_confirmed=False)
    link = re.search(r"http\S+/application/\S+", Message.objects.get().body)[0]
    address = urlsplit(link)
    assert client.get(f"{address.path}?{address.query}").status_code == 200


def test_no_letter_bears_an_iin_and_its_text_is_erased_once_sent(open_cohort):
    application = factories.make_application(cohort=open_cohort, is_confirmed=False)
    outbox.send_due()
    assert application.iin not in mail.outbox[0].body
    assert application.key in mail.outbox[0].body
    assert Message.objects.get().body == ""


@pytest.mark.parametrize("how", ["withdrawn", "cancelled"])
def test_who_loses_the_place_is_told_why_once(open_cohort, administrator, how):
    application = factories.make_application(cohort=open_cohort)
    factories.make_enrolment(cohort=open_cohort, state="admitted")
    if how == "withdrawn":
        withdraw(enrolment=application.enrolment, reason="Asked by phone", by=administrator)
    else:
        cancel(cohort=open_cohort, reason="Asked by phone", by=administrator)
    told = Message.objects.exclude(kind=letters.CONFIRM)
    assert [letter.recipient for letter in told] == [application.email]
    assert "Reason: Asked by phone" in told[0].body


def test_letters_to_many_cost_one_look_up(open_cohort, count_queries):
    people = [factories.make_application(cohort=open_cohort).enrolment for _person in range(3)]
    with count_queries() as seen:
        letters.tell(people, letters.WAITING)
    looked_up = [sql for sql in seen.statements if 'FROM "enrollment_application"' in sql]
    assert len(looked_up) == 1
