"""Editions and rubrics in the admin panel: read, edited, stepped, copied; every refusal a sentence."""

import re
from html import unescape

import pytest
from django.urls import reverse

from programs import hours, publishing
from programs.hours import Hours
from programs.loading import load_programme
from programs.models import EditionState, Module, ProgrammeEdition, Rubric, RubricState
from tests.factories import make_edition

pytestmark = pytest.mark.django_db
WORDS = "Төрт сағат ешбір жолға бөлінбегенін білемін."


@pytest.fixture
def staff(sign_in, administrator):  # type: ignore[no-untyped-def]
    """The administrator's client, in English."""
    return sign_in(administrator, "en")


@pytest.fixture
def draft():  # type: ignore[no-untyped-def]
    return make_edition(state=EditionState.DRAFT)


def page_of(edition: ProgrammeEdition) -> str:
    return reverse("admin:programs_programmeedition_change", args=[edition.pk])


def step_of(edition: ProgrammeEdition, name: str) -> str:
    return reverse("admin:programs_programmeedition_step", args=[edition.pk, name])


def copy_of(edition: ProgrammeEdition) -> str:
    return reverse("admin:programs_programmeedition_copy", args=[edition.pk])


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def form_of(response) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """What a browser would send from the page's edit form, unchanged."""
    sent: dict[str, object] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = "on" if value is True else value
    return sent


def test_locked_edition_shows_difference_words_steps_and_trail(staff):
    edition = load_programme()
    response = staff.get(page_of(edition))
    text = text_of(response)
    assert response.status_code == 200
    assert "The rows of the plan sum to 76 of the declared 80 academic hours. 4 hours stand in no row." in text
    assert "The rows of the plan sum to 76 of the declared 80 academic hours; four academic hours" in text
    assert "Acknowledged by: «Оқу және Даму Институты» ЖШС" in text
    assert "Total 19 34 23 76 Share 25 % 45 % 30 % 100 %" in text
    assert [step.name for step in response.context["steps"]] == ["put_in_use", "archive"]
    assert len(response.context["trail"]) == 4
    assert "style=" not in response.content.decode()


def test_locked_edition_cannot_be_edited_or_deleted(staff):
    edition = load_programme()
    assert 'name="title_kk"' not in staff.get(page_of(edition)).content.decode()
    assert staff.post(page_of(edition), {"title_kk": "?"}).status_code == 403
    delete = reverse("admin:programs_programmeedition_delete", args=[edition.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    assert ProgrammeEdition.objects.get().title_kk.startswith("Білім берудегі")


@pytest.mark.parametrize("state", [EditionState.DISCUSSION, EditionState.AGREED])
def test_edition_under_discussion_or_agreed_is_only_read(staff, state):
    assert staff.post(page_of(make_edition(state=state)), {"title_kk": "?"}).status_code == 403


def test_draft_is_edited_and_line_breaks_in_titles_become_spaces(staff, draft):
    sent = form_of(staff.get(page_of(draft)))
    sent |= {"title_ru": "Менеджмент\r\nв образовании ", "modules-0-lecture": "5", "formats": ["distance"]}
    response = staff.post(page_of(draft), sent)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        reverse("admin:programs_programmeedition_changelist"),
    )
    draft.refresh_from_db()
    assert (draft.title_ru, draft.formats) == ("Менеджмент в образовании", ["distance"])
    assert hours.totals(draft.modules.all()) == Hours(20, 34, 23)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"modules-0-lecture": "4.5"}, "Enter a whole number."),
        ({"modules-0-lecture": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"modules-0-lecture": "9" * 40}, "Ensure this value is less than or equal to 1000."),
        ({"modules-0-title_kk": ""}, "This field is required."),
        ({"modules-0-is_final": "on"}, "Only one row can be the final attestation."),
        ({"modules-0-no": "2"}, "Please correct the duplicate data for no."),
        ({"volume_hours": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"year": "99999999999999999999"}, "Ensure this value is less than or equal to 2100."),
        ({"formats": ["evening"]}, "Select a valid choice. evening is not one of the available choices."),
        ({"title_kk": "a\0b"}, "Null characters are not allowed."),
        ({"title_kk": "х" * 251}, "Ensure this value has at most 250 characters (it has 251)."),
    ],
)
def test_draft_with_a_mistake_is_refused_at_its_field(staff, draft, change, sentence):
    response = staff.post(page_of(draft), form_of(staff.get(page_of(draft))) | change)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert hours.totals(draft.modules.all()) == Hours(19, 34, 23)


def test_rows_exchange_their_places_at_once(staff, draft):
    sent = form_of(staff.get(page_of(draft))) | {"modules-0-no": "2", "modules-1-no": "1"}
    assert staff.post(page_of(draft), sent).status_code == 302
    assert list(draft.modules.values_list("no", "title_kk"))[:3] == [(1, "2-модуль"), (2, "1-модуль"), (3, "3-модуль")]


def test_row_takes_the_place_of_one_that_goes(staff, draft):
    sent = form_of(staff.get(page_of(draft))) | {"modules-1-DELETE": "on", "modules-0-no": "2"}
    assert staff.post(page_of(draft), sent).status_code == 302
    assert list(draft.modules.values_list("no", "title_kk"))[:2] == [(2, "1-модуль"), (3, "3-модуль")]


def test_two_new_final_rows_at_once_are_refused(staff, draft):
    draft.modules.filter(is_final=True).delete()
    sent = form_of(staff.get(page_of(draft))) | {"modules-0-is_final": "on", "modules-1-is_final": "on"}
    response = staff.post(page_of(draft), sent)
    assert "Only one row can be the final attestation." in text_of(response)
    assert not Module.objects.filter(is_final=True).exists()


def test_draft_that_left_its_state_meanwhile_is_not_saved(staff, draft, administrator, monkeypatch):
    """The step comes between the check and the save: the database refuses, the page says so."""
    from django.contrib.admin import ModelAdmin

    sent = form_of(staff.get(page_of(draft))) | {"title_kk": "Кеш қалған"}
    save_model = ModelAdmin.save_model

    def late(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        fresh = ProgrammeEdition.objects.get()
        publishing.discuss(edition=fresh, by=administrator)
        publishing.agree(edition=fresh, by=administrator)
        publishing.approve(edition=fresh, by=administrator, acknowledgement=WORDS)
        save_model(self, request, obj, form, change)

    monkeypatch.setattr(ModelAdmin, "save_model", late)
    response = staff.post(page_of(draft), sent)
    assert response.status_code == 409
    assert "Somebody else changed this record meanwhile, or two rows have the same code. Nothing was saved." in text_of(
        response
    )
    assert ProgrammeEdition.objects.get().title_kk != "Кеш қалған"


def test_steps_from_draft_to_approval_by_form(staff, draft, administrator):
    for name, sent in (
        ("discuss", {"reason": "сайтқа шықты"}),
        ("agree", {"basis": "№ 3 хаттама"}),
        ("approve", {"acknowledgement": WORDS, "basis": "№ 7 бұйрық"}),
    ):
        assert staff.get(step_of(draft, name)).status_code == 200
        assert staff.post(step_of(draft, name), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.acknowledgement, draft.acknowledged_by) == (
        EditionState.APPROVED,
        WORDS,
        "Әкімшіева Айша",
    )
    assert [(e.to_state, e.by, e.basis, e.reason) for e in draft.audit_trail()][:3] == [
        ("approved", administrator, "№ 7 бұйрық", ""),
        ("agreed", administrator, "№ 3 хаттама", ""),
        ("discussion", administrator, "", "сайтқа шықты"),
    ]


def test_approving_without_words_is_refused_at_the_form(staff):
    edition = make_edition(state=EditionState.AGREED)
    response = staff.post(step_of(edition, "approve"), {"acknowledgement": " ", "basis": "№ 7 бұйрық"})
    assert response.status_code == 422
    assert "To approve it, acknowledge the difference in writing." in text_of(response)
    assert "№ 7 бұйрық" in response.content.decode()
    edition.refresh_from_db()
    assert edition.state == EditionState.AGREED


def test_approving_a_whole_plan_asks_for_no_words(staff, draft, administrator):
    draft.modules.filter(no=1).update(lecture=5, practice=6, self_study=5)
    publishing.discuss(edition=draft, by=administrator)
    publishing.agree(edition=draft, by=administrator)
    page = staff.get(step_of(draft, "approve"))
    assert 'name="acknowledgement"' not in page.content.decode()
    assert "The rows of the plan make up the declared volume of 80 academic hours." in text_of(page)
    assert staff.post(step_of(draft, "approve")).status_code == 302


def test_draft_offers_the_one_exact_split(staff, draft, administrator):
    copy = publishing.new_edition(edition=draft, year=2027, by=administrator)
    text = text_of(staff.get(page_of(copy)))
    assert "The one split of 80 hours that is exactly 25, 45 and 30 %: lecture 20, practice 36, self-study 24." in text
    assert "Against the rows that is lecture 1, practice 2, self-study 1 more." in text


def test_plan_above_the_volume_says_that_it_cannot_be_approved(staff, draft):
    draft.modules.filter(no=1).update(lecture=9)
    text = text_of(staff.get(page_of(draft)))
    assert (
        "The rows of the plan sum to 81 hours, more than the declared volume of 80. Such an edition cannot be approved."
        in text
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_step_that_the_state_does_not_allow_is_refused(staff, edition, method):
    response = getattr(staff, method)(step_of(edition, "discuss"))
    assert response.status_code == 409
    assert "This step is not possible in the present state." in text_of(response)
    assert edition.audit_trail().count() == 4


def test_unknown_step_is_not_found(staff, edition):
    assert staff.get(step_of(edition, "destroy")).status_code == 404


@pytest.mark.parametrize("pk", [0, 987_654, 10**30])
@pytest.mark.parametrize("page", ["change", "preview", "copy", "step/discuss"])
def test_edition_that_is_not_there_is_not_found(staff, pk, page):
    response = staff.get(f"/admin/programs/programmeedition/{pk}/{page}/")
    assert response.status_code in (302, 404)  # Django's own change page leads back to the list


def test_copy_makes_a_draft_and_opens_it(staff, edition):
    response = staff.post(copy_of(edition), {"year": "2027"})
    draft = ProgrammeEdition.objects.get(year=2027)
    assert (response.status_code, response.headers["Location"], draft.state) == (
        302,
        page_of(draft),
        EditionState.DRAFT,
    )


@pytest.mark.parametrize("year", ["2026", "1999", "", "жыл", "9" * 50])
def test_copy_with_a_wrong_year_is_refused_at_the_form(staff, edition, year):
    response = staff.post(copy_of(edition), {"year": year})
    assert (response.status_code, ProgrammeEdition.objects.count()) == (422, 1)


def test_copy_of_the_same_year_says_why(staff, edition):
    assert "The programme already has an edition 2026." in text_of(staff.post(copy_of(edition), {"year": "2026"}))


def test_preview_shows_a_draft_to_staff_and_says_so(staff, draft):
    response = staff.get(reverse("admin:programs_programmeedition_preview", args=[draft.pk]))
    assert response.status_code == 200
    assert "Preview: this edition is in the state “draft”." in text_of(response)


@pytest.mark.parametrize("who", [None, "trainer", "listener"])
def test_pages_of_staff_are_closed_to_others(client, edition, trainer, listener, who):
    if who:
        client.force_login(trainer if who == "trainer" else listener.user)
    for path in (page_of(edition), step_of(edition, "archive"), copy_of(edition)):
        assert client.get(path).status_code == (403 if who else 302)
        assert client.post(path).status_code == 403
    edition.refresh_from_db()
    assert (edition.state, ProgrammeEdition.objects.count()) == (EditionState.APPROVED, 1)


def test_another_rubric_is_copied_edited_and_published(staff, edition):
    response = staff.post(reverse("admin:programs_programmeedition_rubric", args=[edition.pk]))
    rubric = Rubric.objects.get(version=2)
    page = reverse("admin:programs_rubric_change", args=[rubric.pk])
    assert response.headers["Location"] == page
    sent = form_of(staff.get(page)) | {"criteria-0-max_points": "25", "criteria-1-max_points": "20"}
    assert staff.post(page, sent).status_code == 302
    publish = reverse("admin:programs_rubric_publish", args=[rubric.pk])
    assert staff.get(publish).status_code == 200
    assert staff.post(publish, {"basis": "№ 9 бұйрық"}).status_code == 302
    rubric.refresh_from_db()
    assert (rubric.state, edition.current_rubric()) == (RubricState.PUBLISHED, rubric)
    assert staff.post(page, sent).status_code == 403
    assert staff.get(publish).status_code == 409


def test_rubric_that_does_not_sum_to_100_is_not_published(staff, edition, administrator):
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    rubric.criteria.filter(code="theory").update(max_points=10)
    assert "The criteria sum to 90 points; they must sum to 100." in text_of(
        staff.get(reverse("admin:programs_rubric_change", args=[rubric.pk]))
    )
    response = staff.post(reverse("admin:programs_rubric_publish", args=[rubric.pk]))
    assert response.status_code == 422
    assert "The criteria sum to 90 points; they must sum to 100." in text_of(response)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"criteria-0-max_points": "0"}, "A criterion is worth 1 to 100 points."),
        ({"criteria-0-max_points": "101"}, "A criterion is worth 1 to 100 points."),
        ({"bands-0-to_total": "101"}, "A band goes from its lower to its upper bound, 100 at most."),
        ({"bands-0-from_total": "x"}, "Enter a whole number."),
    ],
)
def test_rubric_with_a_mistake_is_refused_at_its_field(staff, edition, administrator, change, sentence):
    page = reverse("admin:programs_rubric_change", args=[publishing.new_rubric(edition=edition, by=administrator).pk])
    response = staff.post(page, form_of(staff.get(page)) | change)
    assert sentence in text_of(response)


def test_published_rubric_is_read(staff, edition):
    rubric = edition.current_rubric()
    response = staff.get(reverse("admin:programs_rubric_change", args=[rubric.pk]))
    assert "The criteria sum to 100 points and the bands cover every total from 0 to 100." in text_of(response)
    assert 'name="criteria-0-max_points"' not in response.content.decode()


def test_draft_edition_can_be_deleted_whole(staff, draft):
    delete = reverse("admin:programs_programmeedition_delete", args=[draft.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 302
    assert ProgrammeEdition.objects.count() == 0


def test_lists_cost_the_same_queries_at_1_and_3_rows(staff, edition, count_queries):
    for model in ("programmeedition", "rubric"):
        counts = []
        for years in ([], [2027, 2028]):
            for year in years:
                if not ProgrammeEdition.objects.filter(year=year).exists():
                    make_edition(year=year)
            with count_queries() as seen:
                assert staff.get(reverse(f"admin:programs_{model}_changelist")).status_code == 200
            counts.append(seen.count)
        ProgrammeEdition.objects.exclude(pk=edition.pk).filter(state="draft").delete()
        assert counts[0] == counts[1]
