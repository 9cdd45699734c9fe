"""The trainers' queue: order, filter, neighbours, the page of one work, templates of words."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from assessment.comment_templates import drop_template, keep_template
from assessment.models import CommentTemplate, Feedback
from assessment.tests.working import make_answer, make_assignment, make_version
from assessment.work_queue import Place, is_overdue, place_of, waiting, waiting_summary, workdays_waited
from core.errors import Refused
from tests import factories


@pytest.fixture
def works(cohort, trainer):
    """Three works of three people on one assignment, the first waits longest; their submissions."""
    task, now = make_assignment(cohort, by=trainer), timezone.now()
    people = [factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True)) for _ in range(3)]
    return [
        make_version(one, assignment=task, now=now - timedelta(days=3 - n)).submission for n, one in enumerate(people)
    ]


def send(client, work, *, tail="", **fields):
    version = work.versions.order_by("-no").first()
    seen = Feedback.objects.filter(version__submission=work).count()
    values = {"words": "Жақсы", "verdict": "accepted", "version": version.pk, "seen": seen} | fields
    return client.post(f"/trainer/queue/{work.pk}/{tail}", values)


def test_oldest_unanswered_comes_first(works, trainer, other_trainer, administrator):
    assert list(waiting(trainer)) == works
    make_answer(works[0].versions.get(), by=trainer)
    assert list(waiting(trainer)) == works[1:]
    assert list(waiting(administrator)) == works[1:]
    assert list(waiting(other_trainer)) == []


def test_nobodys_own_work_and_nobody_who_left_is_waiting(works, trainer):
    person = works[0].enrolment.listener
    person.user.is_trainer = True
    person.user.save()
    works[0].assignment.cohort.trainers.add(person.user)
    assert list(waiting(person.user)) == works[1:]
    type(works[1].enrolment).objects.filter(pk=works[1].enrolment_id).update(state="withdrawn")
    assert list(waiting(trainer)) == [works[0], works[2]]


@pytest.mark.parametrize(
    ("work", "place"),
    [(7, Place(1, 3, None, 8)), (8, Place(2, 3, 7, 9)), (9, Place(3, 3, 8, None)), (5, Place(0, 3, None, 7))],
)
def test_place_in_the_queue(work, place):
    assert place_of(work, [7, 8, 9]) == place


def test_place_in_an_empty_queue():
    assert place_of(5, []) == Place(0, 0, None, None)


def test_work_is_overdue_after_so_many_working_days():
    friday = timezone.make_aware(timezone.datetime(2026, 9, 4, 10))
    assert not is_overdue(friday, 5, date(2026, 9, 11))
    assert is_overdue(friday, 5, date(2026, 9, 12))


def test_wait_is_told_in_working_days_by_the_local_calendar(works, sign_in, trainer):
    late_friday = timezone.make_aware(timezone.datetime(2026, 9, 4, 23, 30))
    assert [workdays_waited(late_friday, date(2026, 9, day)) for day in (4, 6, 7, 11)] == [0, 0, 1, 5]
    days = workdays_waited(works[0].waiting_since, timezone.localdate())
    assert f"working days: {days}" in sign_in(trainer, "en").get("/trainer/queue/").content.decode()


def test_summary_counts_what_waits_and_names_the_oldest(works, trainer, other_trainer):
    assert waiting_summary(trainer) == {"count": 3, "oldest": works[0].waiting_since}
    assert waiting_summary(other_trainer) == {"count": 0, "oldest": None}


def test_home_tells_since_when_work_waits(works, sign_in, trainer, other_trainer):
    with translation.override("en"):
        since = date_format(timezone.localtime(works[0].waiting_since), "SHORT_DATE_FORMAT")
    assert f"Waiting: 3, the oldest since {since}" in sign_in(trainer, "en").get("/trainer/").content.decode()
    assert "Works to answer" not in sign_in(other_trainer, "en").get("/trainer/").content.decode()


def test_answering_leads_to_the_next_work_without_going_back(works, sign_in, trainer):
    client = sign_in(trainer)
    assert send(client, works[0]).url == f"/trainer/queue/{works[1].pk}/"
    assert send(client, works[2]).url == "/trainer/queue/"
    assert list(waiting(trainer)) == [works[1]]


def test_filter_goes_along(works, sign_in, trainer, cohort):
    tail = f"?cohort={cohort.pk}"
    assert send(sign_in(trainer), works[0], tail=tail).url == f"/trainer/queue/{works[1].pk}/{tail}"
    page = sign_in(trainer, "en").get(f"/trainer/queue/?assignment={works[0].assignment_id}").content.decode()
    assert works[1].enrolment.listener.full_name in page
    assert "Everything" not in page


@pytest.mark.parametrize("tail", ["?cohort=0", "?cohort=x", "?page=99", "?assignment=999999999999999999999"])
def test_filter_that_fits_nothing_is_no_error(works, sign_in, trainer, tail):
    assert sign_in(trainer).get(f"/trainer/queue/{tail}").status_code == 200
    assert sign_in(trainer).get(f"/trainer/queue/{works[0].pk}/{tail}").status_code == 200


def test_refused_answer_keeps_the_words(works, sign_in, trainer):
    version = works[0].versions.get()
    make_version(works[0].enrolment, assignment=works[0].assignment)
    response = send(sign_in(trainer, "en"), works[0], version=version.pk, words="Ұзақ жазылған пікір")
    assert response.status_code == 409
    page = response.content.decode()
    assert "Ұзақ жазылған пікір" in page
    assert "Version 2 has been handed in meanwhile" in page


def test_line_ends_of_an_answer_count_once(works, sign_in, trainer):
    words = "а\n" * 2499 + "б"  # 4999 characters in the browser, 7498 as it sends them
    assert send(sign_in(trainer), works[0], words=words.replace("\n", "\r\n")).status_code == 302
    assert Feedback.objects.get().words == words
    assert send(sign_in(trainer), works[1], words=words + "вг").status_code == 422


def test_next_answer_to_the_same_version_is_kept_apart(works, sign_in, trainer):
    client, version = sign_in(trainer), works[0].versions.get()
    for seen in (0, 1):
        page = client.get(f"/trainer/queue/{works[0].pk}/").content.decode()
        assert f'data-keep-as="answer-{version.pk}-{seen}"' in page
        send(client, works[0], words=f"Пікір {seen}")


def test_link_leads_to_the_cell_of_the_score_sheet(works, sign_in, trainer, cohort):
    client, cell = sign_in(trainer), f"cell-{works[0].enrolment_id}-{works[0].assignment.criterion_id}"
    sheet = f"/trainer/cohorts/{cohort.pk}/scores/"
    assert f'href="{sheet}#{cell}"' in client.get(f"/trainer/queue/{works[0].pk}/").content.decode()
    assert client.get(sheet).content.decode().count(f'id="{cell}"') == 1


def test_version_of_another_work_is_not_answered_here(works, sign_in, trainer):
    assert send(sign_in(trainer), works[0], version=works[1].versions.get().pk).status_code == 404
    assert Feedback.objects.count() == 0


def test_hostile_text_is_shown_as_text(works, sign_in, trainer):
    make_version(works[0].enrolment, assignment=works[0].assignment, text="<script>alert(1)</script>")
    page = sign_in(trainer).get(f"/trainer/queue/{works[0].pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_others_do_not_open_it(works, sign_in, other_trainer, listener):
    address = f"/trainer/queue/{works[0].pk}/"
    assert sign_in(other_trainer).get(address).status_code == 404
    assert sign_in(listener.user).get(address).status_code == 403


def test_empty_queue_says_so(sign_in, trainer, cohort):
    assert "Everything is answered" in sign_in(trainer, "en").get("/trainer/queue/").content.decode()


def test_pages_cost_the_same_queries_for_one_and_for_many(works, sign_in, trainer, cohort, count_queries):
    client, counted = sign_in(trainer), []
    addresses = ("/trainer/queue/", f"/trainer/queue/{works[0].pk}/")
    for _round in range(2):
        for address in addresses:
            with count_queries() as seen:
                assert client.get(address).status_code == 200
            counted.append(seen.count)
        make_version(works[0].enrolment, assignment=works[0].assignment)
        make_answer(works[0].versions.order_by("-no").first(), by=trainer)
        make_version(works[0].enrolment, assignment=works[0].assignment)
        for _more in range(10):
            person = factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True))
            make_version(person, assignment=works[0].assignment)
    assert counted[:2] == counted[2:]


# --- Templates of words ------------------------------------------------------------------------------


def test_template_is_inserted_below_what_was_written(works, sign_in, trainer):
    mine = keep_template(template=CommentTemplate(title="Дереккөз", words="Дереккөзін көрсетіңіз."), by=trainer)
    page = send(sign_in(trainer), works[0], insert="1", template=mine.pk, words="Жақсы.").content.decode()
    assert "Жақсы.\nДереккөзін көрсетіңіз.</textarea>" in page
    assert Feedback.objects.count() == 0


def test_inserting_a_template_does_not_hide_what_came_meanwhile(works, sign_in, trainer, other_trainer):
    client, work = sign_in(trainer), works[0]
    first = work.versions.get()
    make_version(work.enrolment, assignment=work.assignment)
    inserted = send(client, work, insert="1", template="", words="Жақсы.", version=first.pk).content.decode()
    assert f'name="version" value="{first.pk}"' in inserted
    assert send(client, work, version=first.pk).status_code == 409
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("template", ["x", "999999", ""])
def test_template_that_is_not_there_inserts_nothing(works, sign_in, trainer, template):
    page = send(sign_in(trainer), works[0], insert="1", template=template, words="Жақсы.").content.decode()
    assert "Жақсы.</textarea>" in page


def test_templates_are_added_changed_and_deleted_by_their_owner(sign_in, trainer, other_trainer):
    client = sign_in(trainer)
    client.post("/trainer/queue/words/", {"title": "Дереккөз", "words": "Көрсетіңіз."})
    mine = CommentTemplate.objects.get()
    client.post(f"/trainer/queue/words/{mine.pk}/", {"title": "Дереккөз", "words": "Дереккөзін көрсетіңіз."})
    mine.refresh_from_db()
    assert (mine.owner, mine.words) == (trainer, "Дереккөзін көрсетіңіз.")
    stranger = sign_in(other_trainer)
    assert stranger.post(f"/trainer/queue/words/{mine.pk}/drop/").status_code == 404
    sign_in(trainer).post(f"/trainer/queue/words/{mine.pk}/drop/")
    assert not CommentTemplate.objects.exists()


def test_title_that_one_has_is_refused_and_anothers_template_too(trainer, other_trainer):
    mine = keep_template(template=CommentTemplate(title="Дереккөз", words="1"), by=trainer)
    with pytest.raises(Refused, match="already"):
        keep_template(template=CommentTemplate(title="Дереккөз", words="2"), by=trainer)
    for verb in (keep_template, drop_template):
        with pytest.raises(Refused, match="somebody else"):
            verb(template=mine, by=other_trainer)
    keep_template(template=CommentTemplate(title="Дереккөз", words="3"), by=other_trainer)
    assert CommentTemplate.objects.count() == 2
