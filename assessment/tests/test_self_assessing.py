"""Self-assessment: windows, who answers, the version at exit, private answers, letters, the picture, the checklist."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessment import self_invariants
from assessment.checklists import current, draft_checklist, load_checklist, publish_checklist, shipped
from assessment.models import Checklist, Competence, SelfAssessment
from assessment.self_assessing import set_privacy, windows
from assessment.self_letters import remind
from assessment.self_pictures import means, picture
from assessment.tests.self_answering import all_levels, give_checklist
from core.errors import Refused
from core.models import Message
from enrollment.models import CohortState, Enrolment
from tests import factories

START, END = date(2026, 9, 7), date(2026, 9, 25)


def on(day: date, hour: int = 10):
    return time_machine.travel(timezone.make_aware(datetime(day.year, day.month, day.day, hour)), tick=False)


@pytest.fixture
def first_week(cohort):
    with on(cohort.starts_on + timedelta(days=2)):
        yield


@pytest.fixture
def last_week(cohort):
    with on(cohort.ends_on - timedelta(days=1)):
        yield


# --- Windows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined", "until"),
    [(None, date(2026, 9, 13)), (date(2026, 8, 20), date(2026, 9, 13)), (date(2026, 9, 10), date(2026, 9, 16)),
     (date(2026, 9, 16), date(2026, 9, 18))],
)  # fmt: skip
def test_entry_is_open_for_a_week_and_never_into_the_exit(joined, until):
    found = windows(START, END, joined)
    assert found["entry"].closes_on == until
    assert (found["exit"].opens_on, found["exit"].closes_on) == (date(2026, 9, 19), date(2026, 10, 25))


@pytest.mark.parametrize(
    ("days", "entry", "exit_"), [(0, 0, 1), (1, 0, 1), (4, 1, 2), (6, 2, 3), (12, 5, 6), (18, 6, 12)]
)
def test_short_course_has_an_entry_and_an_exit(days, entry, exit_):
    found = windows(START, START + timedelta(days=days), START)
    assert (found["entry"].closes_on - START).days == entry
    assert (found["exit"].opens_on - START).days == exit_


@given(st.integers(0, 60), st.integers(0, 90))
def test_windows_never_overlap(length, joined):
    found = windows(START, START + timedelta(days=length), START + timedelta(days=joined - 30))
    assert found["entry"].closes_on < found["exit"].opens_on


# --- Answering ---------------------------------------------------------------------------------------


def test_answers_are_stored_and_may_be_changed(enrolment, first_week):
    give_checklist(enrolment, words="Күтемін")
    row = give_checklist(enrolment, level=4, words="Көп күтемін")
    assert SelfAssessment.objects.get() == row
    assert (set(row.levels.values()), len(row.levels), row.words) == ({4}, len(shipped()), "Көп күтемін")


@pytest.mark.parametrize(("moment", "why"), [("exit", "opens on"), ("entry", "")])
def test_only_what_is_open_is_answered(enrolment, first_week, moment, why):
    if why:
        with pytest.raises(Refused, match=why):
            give_checklist(enrolment, moment)
    else:
        assert give_checklist(enrolment, moment).moment == "entry"


def test_entry_is_over_in_the_last_week(enrolment, last_week):
    with pytest.raises(Refused, match="was open until"):
        give_checklist(enrolment)
    assert give_checklist(enrolment, "exit").moment == "exit"


def test_only_the_listener_answers(enrolment, first_week, trainer, administrator, other_listener):
    for stranger in (trainer, administrator, other_listener.user):
        with pytest.raises(Refused, match="by the listener"):
            give_checklist(enrolment, by=stranger)
    assert not SelfAssessment.objects.exists()


@pytest.mark.parametrize("change", [{1: None}, {1: 0}, {1: 6}, {99: 3}])
def test_missing_foreign_and_impossible_levels_are_refused(enrolment, first_week, change):
    levels = {place: level for place, level in (all_levels(enrolment) | change).items() if level is not None}
    with pytest.raises(Refused):
        give_checklist(enrolment, levels=levels)
    assert not SelfAssessment.objects.exists()


def test_exit_is_of_the_version_of_the_entry(enrolment, cohort, administrator):
    levels = all_levels(enrolment)
    with on(cohort.starts_on):
        give_checklist(enrolment)
    draft = draft_checklist(edition=cohort.edition, by=administrator)
    draft.competences.last().delete()
    publish_checklist(checklist=draft, by=administrator)
    assert current(cohort.edition).version == 2
    with on(cohort.ends_on):
        assert give_checklist(enrolment, "exit", levels=levels).checklist.version == 1
    assert list(self_invariants.broken()) == []


# --- Who sees it -------------------------------------------------------------------------------------


def test_private_answers_are_seen_by_listener_and_trainers_alone(
    enrolment, first_week, trainer, administrator, other_trainer, other_listener, listener
):
    row = give_checklist(enrolment, is_private=True)
    seen = {
        user.email: SelfAssessment.objects.visible_to(user).filter(pk=row.pk).exists()
        for user in (trainer, administrator, other_trainer, other_listener.user, listener.user)
    }
    assert [email for email, sees in seen.items() if sees] == [trainer.email, listener.user.email]
    set_privacy(enrolment=enrolment, is_private=False, by=listener.user)
    assert SelfAssessment.objects.visible_to(administrator).filter(pk=row.pk).exists()


def test_exit_form_keeps_the_privacy_of_the_entry(enrolment, cohort, sign_in, listener):
    with on(cohort.starts_on):
        give_checklist(enrolment, is_private=True)
    with on(cohort.ends_on):
        page = sign_in(listener.user).get(reverse("my_checklist", args=[enrolment.pk, "exit"])).content.decode()
    tick = page[page.index('name="is_private"') :].partition(">")[0]
    assert "checked" in tick


def test_trainers_alone_see_who_has_not_answered(cohort, enrolment, first_week, sign_in, trainer, administrator):
    give_checklist(factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True)))
    address = f"/trainer/cohorts/{cohort.pk}/self-assessment/"
    name = enrolment.listener.full_name
    assert name in sign_in(trainer).get(address).content.decode()
    assert name not in sign_in(administrator).get(address).content.decode()


def test_privacy_is_changed_by_the_listener_alone(enrolment, first_week, trainer):
    give_checklist(enrolment, is_private=True)
    with pytest.raises(Refused):
        set_privacy(enrolment=enrolment, is_private=False, by=trainer)
    assert SelfAssessment.objects.get().is_private


def test_mean_for_administrators_leaves_private_answers_out(cohort, first_week, sign_in, administrator, trainer):
    for number in range(5):
        user = factories.UserFactory(is_listener=True)
        give_checklist(factories.make_enrolment(cohort=cohort, user=user), is_private=number == 0)
    address = f"/trainer/cohorts/{cohort.pk}/self-assessment/"
    assert 'id="self-mean"' in sign_in(trainer).get(address).content.decode()
    page = sign_in(administrator, "en").get(address).content.decode()
    assert 'id="self-mean"' not in page
    assert "at least 5 people" in page


def test_page_of_a_cohort_costs_the_same_for_any_number(cohort, first_week, sign_in, trainer, count_queries):
    client, counted = sign_in(trainer), []
    for people in (1, 3):
        for _ in range(people):
            user = factories.UserFactory(is_listener=True)
            give_checklist(factories.make_enrolment(cohort=cohort, user=user))
        with count_queries() as seen:
            assert client.get(f"/trainer/cohorts/{cohort.pk}/self-assessment/").status_code == 200
        counted.append(seen.count)
    assert counted[0] == counted[1]


# --- The listener's pages ----------------------------------------------------------------------------


def test_listener_answers_on_the_page_and_sees_the_picture(enrolment, first_week, sign_in, listener):
    levels = all_levels(enrolment, 2)
    client = sign_in(listener.user, "en")
    address = reverse("my_checklist", args=[enrolment.pk, "entry"])
    values = {f"level-{place}": level for place, level in levels.items()} | {"words": "Күтемін", "is_private": "on"}
    response = client.post(address, values)
    assert response.url == reverse("my_self_assessment", args=[enrolment.pk])
    page = client.get(response.url).content.decode()
    assert page.count('fill="url(#stat-entry)"') == len(levels) + 1  # and the legend
    assert "Only you and the trainers" in page
    client.post(reverse("my_self_assessment_privacy", args=[enrolment.pk]), {"private": "0"})
    assert not SelfAssessment.objects.get().is_private


def test_refused_form_keeps_what_was_chosen(enrolment, first_week, sign_in, listener):
    levels = all_levels(enrolment)
    values = {f"level-{place}": 4 for place in list(levels)[1:]} | {"words": "Жаздым"}
    response = sign_in(listener.user, "en").post(reverse("my_checklist", args=[enrolment.pk, "entry"]), values)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("checked") == len(levels) - 1
    assert page.count("is-missing") == 1
    assert "Жаздым" in page


@pytest.mark.parametrize("moment", ["middle", "entry"])
def test_others_and_other_moments_are_not_found(enrolment, first_week, sign_in, other_listener, listener, moment):
    all_levels(enrolment)
    user = listener.user if moment == "middle" else other_listener.user
    assert sign_in(user).get(reverse("my_checklist", args=[enrolment.pk, moment])).status_code == 404


def test_home_says_what_is_open_and_not_answered(enrolment, first_week, sign_in, listener):
    all_levels(enrolment)
    address = reverse("my_checklist", args=[enrolment.pk, "entry"])
    client = sign_in(listener.user)
    assert address in client.get("/my/").content.decode()
    give_checklist(enrolment)
    assert address not in client.get("/my/").content.decode()


# --- Letters -----------------------------------------------------------------------------------------


def test_letters_come_after_two_working_days_and_at_exit_and_once(enrolment, cohort):
    load_checklist(cohort.edition)
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    days = [cohort.starts_on + timedelta(days=n) for n in range((cohort.ends_on - cohort.starts_on).days + 3)]
    sent = []
    for day in days:
        for hour in (3, 10, 12):
            with on(day, hour):
                if remind():
                    sent.append((day, hour))
    assert sent == [(date(2026, 9, 9), 10), (date(2026, 9, 19), 10)]
    assert [one.thing for one in Message.objects.filter(kind="self-assessment").order_by("pk")] == [
        f"enrolment {enrolment.pk} entry",
        f"enrolment {enrolment.pk} exit",
    ]


def test_letters_ask_the_same_number_of_queries_for_any_number(cohort, count_queries):
    load_checklist(cohort.edition)
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    counted = []
    for people in (1, 3):
        for _ in range(people):
            factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True))
        with on(cohort.starts_on, 10), count_queries() as seen:
            assert remind() == 0
        counted.append(seen.count)
    assert counted[0] == counted[1]


def test_who_has_answered_is_not_reminded(enrolment, cohort):
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    with on(cohort.starts_on):
        give_checklist(Enrolment.objects.get(pk=enrolment.pk))
    with on(cohort.starts_on + timedelta(days=4)):
        assert remind() == 0


# --- The picture -------------------------------------------------------------------------------------

COMPETENCES = [SimpleNamespace(position=n, short=str(n), text=str(n)) for n in range(1, 4)]
answers = st.dictionaries(st.sampled_from(["1", "2", "3"]), st.integers(1, 5))


@given(answers, answers)
def test_bars_are_as_long_as_their_levels_and_stay_inside(entry, exit_):
    drawn = picture(COMPETENCES, entry, exit_)
    assert [(line.entry, line.exit) for line in drawn.lines] == [(entry.get(p), exit_.get(p)) for p in ("1", "2", "3")]
    for line in drawn.lines:
        assert [bar.label for bar in line.bars] == [str(v) for v in (line.entry, line.exit) if v is not None]
        for bar in line.bars:
            assert bar.width == pytest.approx(340 * int(bar.label) / 5)
            assert 0 <= bar.y < bar.bottom <= drawn.height


def test_mean_is_of_five_people_or_of_nobody():
    assert means([{"1": 3}] * 4) == {}
    assert means([{"1": n} for n in (1, 2, 2, 2, 2)]) == {"1": Decimal("1.8")}
    assert means([{"1": n} for n in (4, 4, 4, 4, 5, 5, 5, 5)]) == {"1": Decimal("4.5")}


# --- The checklist -----------------------------------------------------------------------------------


def test_shipped_checklist_covers_every_module_in_three_languages(edition):
    checklist = load_checklist(edition)
    assert load_checklist(edition) == checklist
    lines = list(checklist.competences.all())
    assert {line.module_no for line in lines} == {1, 2, 3, 4, 5, 6, None}
    for line in lines:
        words = [getattr(line, f"{name}_{code}") for name in ("text", "short") for code in ("kk", "ru", "en")]
        assert all(words)
        assert len(set(words)) == len(words)


def test_published_checklist_is_frozen(edition, administrator):
    checklist = load_checklist(edition)
    draft = draft_checklist(edition=edition, by=administrator)
    line = checklist.competences.first()
    attempts = [
        lambda: Competence.objects.filter(pk=line.pk).update(text_kk="Басқа"),
        lambda: Competence.objects.filter(pk=line.pk).delete(),
        lambda: Competence.objects.create(checklist=checklist, position=99, text="Жаңа", short="Жаңа"),
        lambda: draft.competences.filter(position=1).update(checklist=checklist, position=99),
        lambda: Checklist.objects.filter(pk=checklist.pk).update(version=7),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            attempt()


def test_draft_copies_the_newest_and_is_one(edition, administrator, trainer):
    checklist = load_checklist(edition)
    draft = draft_checklist(edition=edition, by=administrator)
    assert draft_checklist(edition=edition, by=administrator) == draft
    names = ("position", "module_no", "text_kk", "text_ru", "text_en", "short_kk", "short_ru", "short_en")
    assert list(draft.competences.values_list(*names)) == list(checklist.competences.values_list(*names))
    with pytest.raises(Refused):
        draft_checklist(edition=edition, by=trainer)


@pytest.mark.parametrize(("break_it", "why"), [("delete", "no lines"), ("words", "Line 1 lacks words")])
def test_incomplete_draft_is_not_published(edition, administrator, break_it, why):
    load_checklist(edition)
    draft = draft_checklist(edition=edition, by=administrator)
    if break_it == "delete":
        draft.competences.all().delete()
    else:
        draft.competences.filter(position=1).update(text_ru="")
    with pytest.raises(Refused, match=why):
        publish_checklist(checklist=draft, by=administrator)


def test_panel_drafts_edits_and_publishes(edition, administrator, sign_in):
    first = load_checklist(edition)
    client = sign_in(administrator)
    response = client.post(reverse("admin:assessment_checklist_next", args=[first.pk]))
    draft = Checklist.objects.get(state="draft")
    assert response.url == reverse("admin:assessment_checklist_change", args=[draft.pk])
    assert 'name="competences-0-text_kk"' in client.get(response.url).content.decode()
    client.post(reverse("admin:assessment_checklist_publish", args=[draft.pk]))
    assert current(edition) == draft
    page = client.get(reverse("admin:assessment_checklist_change", args=[draft.pk])).content.decode()
    assert 'name="competences-0-text_kk"' not in page


# --- Invariants --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("break_it", "why"), [({"levels": {"1": 9}}, "not those of its checklist"), ({"levels": {}}, "not those")]
)
def test_invariant_finds_levels_that_do_not_fit(enrolment, first_week, break_it, why):
    row = give_checklist(enrolment)
    assert list(self_invariants.broken()) == []
    SelfAssessment.objects.filter(pk=row.pk).update(**break_it)
    assert [why in line for line in self_invariants.broken()] == [True]


def test_invariant_finds_another_version_at_exit(enrolment, cohort, administrator):
    with on(cohort.starts_on):
        give_checklist(enrolment)
    draft = draft_checklist(edition=cohort.edition, by=administrator)
    levels = dict.fromkeys(map(str, draft.competences.values_list("position", flat=True)), 3)
    values = {"enrolment": enrolment, "checklist": draft, "moment": "exit", "levels": levels}
    SelfAssessment.objects.create(**values, answered_by=administrator, answered_at=timezone.now())
    assert len(list(self_invariants.broken())) == 2
