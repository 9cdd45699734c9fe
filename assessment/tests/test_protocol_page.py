"""The administrators' page of a cohort's protocols."""

import pytest
from django.urls import reverse

from assessment.models import Outcome, Protocol, Score
from assessment.sheet import read_sheet
from enrollment.models import CohortState
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def address(cohort):  # type: ignore[no-untyped-def]
    return reverse("admin:assessment_cohort_protocol", args=[cohort.pk])


@pytest.fixture
def page(sign_in, administrator, address):  # type: ignore[no-untyped-def]
    """`page()` is what the administrator sees now."""

    def do():  # type: ignore[no-untyped-def]
        return sign_in(administrator, "en").get(address).content.decode()

    return do


@pytest.fixture
def commission(trainer):  # type: ignore[no-untyped-def]
    """Three members, the trainer in the chair."""
    return factories.make_commission(trainer)


@pytest.fixture
def post(sign_in, administrator, address, commission):  # type: ignore[no-untyped-def]
    """`post()` stores the draft; other fields replace or add to it."""

    def do(user=administrator, **fields):  # type: ignore[no-untyped-def]
        seats = {"members": [member.pk for member in commission], "chair": commission[0].pk}
        form = {"held_on": "2026-09-25"} | seats | fields
        return sign_in(user, "en").post(address, {k: v for k, v in form.items() if v is not None})

    return do


@pytest.fixture
def close(sign_in, trainer, cohort):  # type: ignore[no-untyped-def]
    """`close(draft)` confirms what stands now, as the chair; other fields replace or add to it."""

    def do(draft, user=trainer, **fields):  # type: ignore[no-untyped-def]
        form = {"confirmed": "on", "seen": read_sheet(cohort).fingerprint} | fields
        path = reverse("protocol_show", args=[draft.pk])
        return sign_in(user, "en").post(path, {k: v for k, v in form.items() if v is not None})

    return do


def test_page_has_the_fixed_address(address, cohort):
    assert address == f"/admin/assessment/protocol/cohort/{cohort.pk}/"


def test_page_shows_incomplete_people_on_top_with_a_reason_field(page, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    shown = page()
    assert "Points are missing: 1" in shown
    assert f'name="reason_{waiting.pk}"' in shown
    assert shown.index("Бекенов Айбек") < shown.index("Әлімов Айбек")
    assert "cases, project" in shown


def test_page_without_anybody_complete_offers_no_closing(page, scored):
    scored("Бекенов", None)
    assert "Prepare the draft" not in page()


def test_page_of_a_cohort_that_still_runs_says_why_not(page, cohort, scored):
    scored("Әлімов", "good")
    type(cohort).objects.update(state=CohortState.RUNNING)
    shown = page()
    assert "A protocol is closed while the cohort is in its final assessment; this one is: running." in shown
    assert "<form" not in shown.split('class="protocol-page"')[1]


def test_page_of_an_empty_cohort_says_so(page):
    assert "there is nobody to decide on" in page()


def test_post_stores_the_draft_and_the_chair_closes_it(post, close, page, address, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    response = post(**{f"reason_{waiting.pk}": "ауырып қалды"})
    assert (response.status_code, response.url) == (302, address)
    draft = Protocol.objects.get()
    assert (draft.state, draft.no, draft.left_out, Outcome.objects.count()) == (
        "draft", None, {str(waiting.pk): "ауырып қалды"}, 0,
    )  # fmt: skip
    assert "A draft waits for the chair" in page()
    assert close(draft).url == reverse("protocol_show", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.state, draft.no, Outcome.objects.count()) == ("closed", 1, 1)
    shown = page()
    assert "Бекенов Айбек: ауырып қалды" in shown
    assert reverse("admin:assessment_protocol_change", args=[draft.pk]) in shown
    assert reverse("protocol_pdf", args=[draft.pk]) in shown


def test_post_again_changes_the_draft(post, scored, commission):
    scored("Әлімов", "good")
    post()
    post(held_on="2026-09-26", chair=commission[0].pk)
    draft = Protocol.objects.get()
    assert (draft.held_on.isoformat(), draft.members.count()) == ("2026-09-26", 3)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"held_on": ""}, "This field is required."),
        ({"held_on": "32.13.2026"}, "Enter a valid date."),
        ({"held_on": "2026-12-01"}, "lies in the future"),
        ({"held_on": "2026-01-01"}, "lies before the cohort&#x27;s first day"),
        ({"members": []}, "This field is required."),
    ],
)
def test_post_with_a_wrong_field_is_refused_in_words(post, scored, fields, sentence):
    scored("Әлімов", "good")
    response = post(**fields)
    assert (response.status_code, sentence in response.content.decode(), Protocol.objects.count()) == (422, True, 0)


def test_post_without_quorum_is_refused_in_words(post, scored, commission):
    scored("Әлімов", "good")
    response = post(members=[commission[0].pk, commission[1].pk])
    assert (response.status_code, Protocol.objects.count()) == (422, 0)
    assert "The commission decides when at least this many members are present: 3." in response.content.decode()


def test_discarded_draft_takes_no_number(post, close, sign_in, administrator, cohort, scored):
    scored("Әлімов", "good")
    post()
    path = reverse("admin:assessment_protocol_discard", args=[cohort.pk])
    assert sign_in(administrator, "en").post(path, {"reason": "қате күн"}).status_code == 302
    assert Protocol.objects.get().state == "discarded"
    post()
    close(Protocol.objects.get(state="draft"))
    assert list(Protocol.objects.filter(state="closed").values_list("no", flat=True)) == [1]


def test_chair_is_told_who_is_incomplete(post, close, scored):
    scored("Әлімов", "good")
    scored("Бекенов", "incomplete")
    post()
    response = close(Protocol.objects.get())
    assert (response.status_code, Outcome.objects.count()) == (422, 0)
    assert "Points are missing for: Бекенов Айбек." in response.content.decode()


def test_post_with_an_endless_reason_is_refused_at_the_field(post, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    response = post(**{f"reason_{waiting.pk}": "а" * 301})
    assert (response.status_code, Protocol.objects.count()) == (422, 0)


def test_chair_who_does_not_confirm_closes_nothing(post, close, scored):
    scored("Әлімов", "good")
    post()
    response = close(Protocol.objects.get(), confirmed=None)
    assert (response.status_code, Protocol.objects.get().state) == (422, "draft")
    assert "Please confirm that you have checked the points." in response.content.decode()


def test_points_that_changed_meanwhile_are_shown_and_then_closed(post, close, cohort, scored):
    enrolment = scored("Әлімов", "good")
    post()
    draft = Protocol.objects.get()
    seen = read_sheet(cohort).fingerprint
    Score.objects.filter(attempt__enrolment=enrolment, criterion__code="theory").update(points=17)
    response = close(draft, seen=seen)
    shown = response.content.decode()
    assert (response.status_code, Outcome.objects.count()) == (409, 0)
    assert "Points were changed after this page was opened" in shown
    fresh = shown.split('name="seen" value="')[1].split('"')[0]
    assert close(draft, seen=fresh).status_code == 302


def test_only_the_chair_closes(post, close, scored, administrator):
    scored("Әлімов", "good")
    post()
    response = close(Protocol.objects.get(), user=administrator)
    assert (response.status_code, Outcome.objects.count()) == (422, 0)
    assert "A protocol is closed by the chair of the session." in response.content.decode()


def test_member_gives_a_special_opinion_until_it_is_closed(post, close, sign_in, scored, trainer):
    scored("Әлімов", "good")
    post()
    draft = Protocol.objects.get()
    client, path = sign_in(trainer, "en"), reverse("protocol_opinion", args=[draft.pk])
    client.post(path, {"opinion": "Келіспеймін"})
    assert draft.members.get(is_chair=True).special_opinion == "Келіспеймін"
    close(draft)
    client.post(path, {"opinion": "Келісемін"})
    assert draft.members.get(is_chair=True).special_opinion == "Келіспеймін"


def test_draft_of_a_session_without_me_is_not_found(post, sign_in, scored, other_trainer):
    scored("Әлімов", "good")
    post()
    draft = Protocol.objects.get()
    client = sign_in(other_trainer)
    names = ("protocol_show", "protocol_pdf")
    assert [client.get(reverse(name, args=[draft.pk])).status_code for name in names] == [404, 404]
    assert client.get(reverse("protocol_list")).status_code == 200


@pytest.mark.parametrize("who", ["trainer", "listener"])
def test_page_is_closed_to_others(request, sign_in, address, post, scored, who):
    scored("Әлімов", "good")
    person = request.getfixturevalue(who)
    user = getattr(person, "user", person)
    assert (sign_in(user).get(address).status_code, post(user=user).status_code) == (403, 403)
    assert Protocol.objects.count() == 0


@pytest.mark.parametrize("pk", [0, 10**6, 2**70])
def test_page_of_a_cohort_that_is_not_there_is_not_found(sign_in, administrator, pk):
    assert sign_in(administrator).get(f"/admin/assessment/protocol/cohort/{pk}/").status_code == 404


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("people", [1, 3, 50])
def test_page_costs_the_same_queries_for_any_number_of_people(
    sign_in, administrator, cohort, address, scored, count_queries, people, closed
):
    for i in range(people):
        scored(f"Әлімов{i}", "good")
    if closed:
        close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    client = sign_in(administrator)
    with count_queries() as seen:
        assert client.get(address).status_code == 200
    assert seen.count == (13 if closed else 17)
