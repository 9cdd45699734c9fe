"""The administrators' registers: read, and changed by verbs alone."""

import pytest
from django.urls import reverse

from postcourse.consultations import confirm, move
from postcourse.models import Consultation, ConsultationState
from postcourse.planning import plan_support
from postcourse.tests.conftest import TWO_WEAK, at
from tests import factories

LISTS = ["consultation", "supportplan"]


@pytest.fixture
def desk(client, administrator, planned):
    client.force_login(administrator)
    client.cookies["language"] = "en"
    return client


def text(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("register", LISTS)
def test_register_is_read_only(desk, register):
    row = Consultation.objects.first() if register == "consultation" else Consultation.objects.first().plan
    assert desk.get(reverse(f"admin:postcourse_{register}_changelist")).status_code == 200
    assert desk.get(reverse(f"admin:postcourse_{register}_change", args=[row.pk])).status_code == 200
    assert desk.get(reverse(f"admin:postcourse_{register}_add")).status_code == 403
    assert desk.post(reverse(f"admin:postcourse_{register}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert (
        desk.post(reverse(f"admin:postcourse_{register}_change", args=[row.pk]), {"state": "held"}).status_code == 403
    )


@pytest.mark.parametrize("register", LISTS)
@pytest.mark.parametrize(("term", "found"), [("касымова", 1), ("ҚАСЫМОВА", 1), ("жоқ", 0)])
def test_register_is_searched_in_any_case_and_alphabet(desk, register, term, found):
    response = desk.get(reverse(f"admin:postcourse_{register}_changelist"), {"q": term})
    expected = found * (2 if register == "consultation" else 1)
    assert response.context["cl"].result_count == expected


@pytest.mark.parametrize("filters", [{"state__exact": "proposed"}, {"time": "ahead"}, {"cohort": "1"}])
def test_consultation_register_filters(desk, planned, trainer, filters, cohort):
    if "cohort" in filters:
        filters = {"plan__outcome__attempt__enrolment__cohort__id__exact": cohort.pk}
    response = desk.get(reverse("admin:postcourse_consultation_changelist"), filters)
    assert response.context["cl"].result_count == 2


@pytest.mark.parametrize(
    ("filters", "count"), [({"time": "behind"}, 0), ({"reach": "none"}, 0), ({"state__exact": "held"}, 0)]
)
def test_consultation_register_filters_to_nothing(desk, filters, count):
    response = desk.get(reverse("admin:postcourse_consultation_changelist"), filters)
    assert response.context["cl"].result_count == count


def test_consultation_register_finds_listeners_without_email(desk, consultation):
    listener = consultation.listener
    listener.user, listener.email = None, ""
    listener.save()
    response = desk.get(reverse("admin:postcourse_consultation_changelist"), {"reach": "none"})
    assert response.context["cl"].result_count == 2


def test_consultation_page_shows_audit_trail_and_moves(desk, consultation, trainer):
    move(consultation=consultation, starts_at=at("2026-10-15 10:00"), by=trainer, reason="<b>іссапар</b>")
    seen = text(desk.get(reverse("admin:postcourse_consultation_change", args=[consultation.pk])))
    assert "25.12.2026 09:00 → 15.10.2026 10:00 · Тренеров Талғат &lt;b&gt;іссапар&lt;/b&gt;" in seen
    assert "26.09.2026 12:00 · proposed · the system" in seen
    assert "26.09.2026 12:00 · scheduled · Тренеров Талғат" in seen


def test_confirm_action_confirms_and_names_what_could_not_be(desk, planned, clock, administrator):
    clock.move_to(planned[0].starts_at)
    desk.force_login(administrator)
    chosen = {"action": "confirm", "_selected_action": [c.pk for c in planned]}
    seen = text(desk.post(reverse("admin:postcourse_consultation_changelist"), chosen, follow=True))
    assert "Consultations confirmed: 1." in seen
    assert "The proposed time has passed." in seen
    assert list(Consultation.objects.order_by("starts_at").values_list("state", flat=True)) == ["proposed", "scheduled"]


def test_move_page(desk, consultation):
    address = reverse("admin:postcourse_consultation_move", args=[consultation.pk])
    assert desk.get(address, {"day": "2026-10-15"}).status_code == 200
    refused = desk.post(address, {"sequence": 0, "day": "2026-10-26", "hour": 10})
    assert (refused.status_code, "26 October 2026 is a day off: Republic Day." in text(refused)) == (422, True)
    assert desk.post(address, {"sequence": 0, "day": "2026-10-15", "hour": 10}).status_code == 302
    consultation.refresh_from_db()
    assert (consultation.starts_at, consultation.state) == (at("2026-10-15 10:00"), ConsultationState.SCHEDULED)


def test_cancel_page(desk, consultation):
    address = reverse("admin:postcourse_consultation_cancel", args=[consultation.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"reason": "іссапар"}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.CANCELLED


@pytest.mark.parametrize("name", ["move", "cancel"])
@pytest.mark.parametrize("pk", [999, 10**30])
def test_page_of_no_consultation_is_404(desk, name, pk):
    assert desk.get(reverse(f"admin:postcourse_consultation_{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["move", "cancel"])
def test_page_is_refused_to_trainers(client, consultation, trainer, name):
    client.force_login(trainer)
    assert client.post(reverse(f"admin:postcourse_consultation_{name}", args=[consultation.pk])).status_code == 403


def test_plan_register_names_who_waits_and_why(desk, decide, cohort, trainer, clock):
    decide(cohort, {factories.make_enrolment(cohort=cohort, surname="Үміт"): TWO_WEAK})
    cohort.trainers.clear()
    clock.shift(121)
    seen = text(desk.get(reverse("admin:postcourse_supportplan_changelist")))
    assert "No support plan for Үміт" in seen
    assert "The cohort has no active trainer who could give consultations." in seen


@pytest.mark.parametrize("people", [1, 50])
@pytest.mark.parametrize(("register", "queries"), [("consultation", 9), ("supportplan", 9)])
def test_register_costs_the_same_queries_for_any_number(
    desk, decide, cohort, trainer, count_queries, register, queries, people
):
    decide(cohort, {factories.make_enrolment(cohort=cohort): TWO_WEAK for _ in range(people)})
    plan_support()
    confirm(consultation=Consultation.objects.first(), by=trainer)
    with count_queries() as seen:
        assert desk.get(reverse(f"admin:postcourse_{register}_changelist")).status_code == 200
    assert seen.count == queries
