"""Orders in the admin panel: drafted, looked at, signed, discarded, cancelled; each refusal in words."""

from datetime import date

import pypdfium2
import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from core.states import born
from enrollment.deciding import Resolved, record_decision
from enrollment.models import (
    CohortState,
    Enrolment,
    EnrolmentState,
    MovementRequest,
    Order,
    OrderKind,
    OrderState,
    Reason,
    SupportingPaper,
    Way,
)
from enrollment.ordering import Listed, draft_order, enrol, sign_order
from enrollment.tests.lists import at as cohort_at
from enrollment.tests.lists import text
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 4)
LIST = "admin:enrollment_order_changelist"


@pytest.fixture(scope="module", autouse=True)
def _fonts():  # type: ignore[no-untyped-def]
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _on_the_day(signatory):  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def running(edition, trainer):  # type: ignore[no-untyped-def]
    """A cohort at work, and one that takes people after it."""
    factories.make_cohort(edition=edition, code="NEXT-1", starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 23))
    return factories.make_cohort(edition=edition, trainers=[trainer], state=CohortState.RUNNING, code="RUN-1")


@pytest.fixture
def drafted(administrator, signatory):  # type: ignore[no-untyped-def]
    """`drafted(kind, Listed(…), …)`: a draft of today."""
    numbers = iter(range(50, 99))

    def do(kind, *people, **terms):  # type: ignore[no-untyped-def]
        terms = {"number": str(next(numbers)), "date": DAY, "basis": "Өтініш"} | terms
        return draft_order(kind=kind, signatory=signatory, people=people, by=administrator, **terms)

    return do


@pytest.fixture
def request_of(administrator):  # type: ignore[no-untyped-def]
    """`request_of(enrolment, way)`: a filed request, with a paper."""

    def do(enrolment, way, **fields):  # type: ignore[no-untyped-def]
        request = MovementRequest.objects.create(
            enrolment=enrolment, way=way, reason=Reason.ILLNESS, words="Емделу", filed_by=administrator, **fields
        )
        born([request], by=administrator)
        SupportingPaper.objects.create(
            request=request, name="a.pdf", file="x.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
            uploaded_by=administrator,
        )  # fmt: skip
        return request

    return do


@pytest.fixture
def expel_decision(administrator):  # type: ignore[no-untyped-def]
    """`expel_decision(enrolment, …)`: the commission has decided to expel them."""

    def do(*enrolments, number="3"):  # type: ignore[no-untyped-def]
        return record_decision(
            number=number,
            held_on=DAY,
            members=factories.make_members(),
            question="Келісім талаптарын бұзу",
            decision="Оқудан шығарылсын",
            people=[Resolved(one, "expel", "Қатыспаған") for one in enrolments],
            by=administrator,
        )

    return do


def at(name, *args, **query):  # type: ignore[no-untyped-def]
    """The address of an order's page."""
    address = reverse(f"admin:enrollment_order_{name}", args=[getattr(a, "pk", a) for a in args])
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else address


def terms(*people, **fields):  # type: ignore[no-untyped-def]
    """What the form of a draft posts."""
    from enrollment.models import Signatory

    values = {
        "number": "12-к", "date": "2026-09-04", "book": "listeners", "signatory": Signatory.objects.first().pk,
        "basis": "Өтініштер", "basis_ru": "Заявления", "backdating_reason": "", "people": [one.pk for one in people],
    }  # fmt: skip
    return values | fields


# --- Drafting -------------------------------------------------------------------------------------


def test_new_order_begins_with_its_kind(admin, open_cohort):
    page = text(admin.get(at("add", cohort=open_cohort.pk)))
    for kind in OrderKind.values:
        assert (f"/order/add/{kind}/?cohort={open_cohort.pk}" in page) is (kind != "cancellation")
    assert admin.get(at("draft", "cancellation")).status_code == 404
    assert admin.get(at("draft", "party")).status_code == 404


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("kind", [kind for kind in OrderKind.values if kind != "cancellation"])
def test_draft_page_of_every_kind_opens_in_every_language(sign_in, administrator, running, kind, language):
    states = ["admitted", "enrolled", "deferred", "expelled", "completed", "not_passed"]
    for state in states:
        factories.make_enrolment(cohort=running, state=state)
    client = sign_in(administrator, language=language)
    assert client.get(at("draft", kind)).status_code == 200
    assert client.get(at("draft", kind, cohort=running.pk)).status_code == 200


def test_draft_page_offers_whom_the_kind_can_take(admin, running, request_of, expel_decision):
    by_state = {
        state: factories.make_enrolment(cohort=running, state=state)
        for state in ("applied", "admitted", "enrolled", "deferred", "expelled", "completed", "not_passed", "withdrawn")
    }
    asking = factories.make_enrolment(cohort=running)
    request_of(asking, Way.TRANSFER)
    expel_decision(by_state["deferred"])
    offered = {}
    for kind in set(OrderKind.values) - {"cancellation"}:
        form = admin.get(at("draft", kind, cohort=running.pk)).context["form"]
        offered[kind] = {one.enrolment for one in form.candidates.values()}
    assert offered == {
        "enrolment": {by_state["admitted"]},
        "transfer": {asking},
        "deferral": set(),
        "reinstatement": {by_state["expelled"], by_state["deferred"]},
        "expulsion": {by_state["deferred"]},
        "withdrawal": {by_state["enrolled"], by_state["deferred"], asking},
        "completion": {by_state["completed"]},
        "retake": {by_state["not_passed"]},
    }


def test_draft_page_without_a_cohort_lists_who_has_asked(admin, running, request_of):
    asking, silent = (factories.make_enrolment(cohort=running) for _ in range(2))
    request_of(asking, Way.WITHDRAWAL)
    offered = admin.get(at("draft", "withdrawal")).context["form"].candidates
    assert list(offered) == [str(asking.pk)]
    offered = admin.get(at("draft", "withdrawal", cohort=running.pk)).context["form"].candidates
    assert set(offered) == {str(asking.pk), str(silent.pk)}


def test_draft_form_begins_with_number_date_and_who_is_in_power(admin, running, signatory):
    factories.make_order(running, number="41-к", date=date(2026, 9, 1))
    factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    form = admin.get(at("draft", "enrolment", cohort=running.pk)).context["form"]
    assert (form["number"].value(), form["date"].value(), form["signatory"].value()) == ("42-к", DAY, signatory.pk)
    assert [row.is_ticked for row in form.rows()] == [True]


def test_draft_is_built_from_a_request_with_its_cohort(admin, running, edition, request_of):
    target = edition.cohorts.get(code="NEXT-1")
    one = factories.make_enrolment(cohort=running)
    request = request_of(one, Way.TRANSFER, cohort=target)
    form = admin.get(at("draft", "transfer")).context["form"]
    row = next(form.rows())
    assert (row.is_ticked, row.fields[0].value()) == (True, str(target.pk))
    response = admin.post(
        at("draft", "transfer"), terms(one, **{f"cohort-{one.pk}": target.pk, f"note-{one.pk}": "№ 5"})
    )
    order = Order.objects.get(kind="transfer")
    assert response.url == at("change", order)
    line = order.lines.get()
    assert (line.request, line.cohort, line.note) == (request, target, "№ 5")
    assert (order.state, order.basis, order.basis_ru) == (OrderState.DRAFT, "Өтініштер", "Заявления")
    one.refresh_from_db()
    assert one.state == EnrolmentState.ENROLLED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": []}, "Choose at least one person."),
        ({"people": ["9" * 40]}, "The list has changed in between."),
        ({"people": ["\x00"]}, "The list has changed in between."),
        ({"number": ""}, "required"),
        ({"number": "1" * 31}, "at most 30"),
        ({"number": "1\x00"}, "Null characters"),
        ({"number": "7"}, "already has an order No 7 in 2026"),
        ({"date": "32.13.2026"}, "valid date"),
        ({"date": "2019-01-01"}, "has no power to sign on 01.01.2019. On that day: nobody."),
        ({"signatory": "9" * 40}, "valid choice"),
        ({"signatory": "x"}, "valid choice"),
        ({"book": "cookery"}, "valid choice"),
        ({"basis": "x" * 501}, "at most 500"),
        ({"backdating_reason": "x" * 301}, "at most 300"),
    ],
)
def test_draft_form_refuses_in_words(admin, running, drafted, wrong, sentence):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    drafted(OrderKind.ENROLMENT, Listed(one), number="7")
    response = admin.post(at("draft", "enrolment"), terms(one, **wrong))
    assert response.status_code == (409 if "already" in sentence else 422)
    assert sentence in text(response)
    assert Order.objects.exclude(number="7").count() == 0


@pytest.mark.parametrize(("field", "value"), [("cohort", "9" * 30), ("cohort", "x"), ("note", "x" * 301)])
def test_draft_form_names_whose_field_is_wrong(admin, running, request_of, field, value):
    one = factories.make_enrolment(cohort=running, surname="Өтеген")
    request_of(one, Way.TRANSFER)
    response = admin.post(at("draft", "transfer"), terms(one, **{f"{field}-{one.pk}": value}))
    assert response.status_code == 422
    assert f"{one.listener}: " in text(response)


def test_draft_tells_before_signing_who_is_in_power_R2(admin, running):
    gone = factories.make_signatory(full_name="Бұрынғы Басшы", valid_to=date(2026, 8, 31))
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    response = admin.post(at("draft", "enrolment"), terms(one, signatory=gone.pk))
    assert response.status_code == 422
    assert "Бұрынғы Басшы has no power to sign" in text(response)
    assert "On that day: Сейітқали Бауыржан Мұратұлы, " in text(response)


def test_expulsion_is_drafted_over_a_decision_only_R10(admin, running, expel_decision):
    one = factories.make_enrolment(cohort=running)
    page = text(admin.get(at("draft", "expulsion", cohort=running.pk)))
    assert "Record its decision first." in page
    decision = expel_decision(one)
    assert admin.post(at("draft", "expulsion"), terms(one)).status_code == 422
    assert admin.post(at("draft", "expulsion"), terms(one, decision=decision.pk)).status_code == 302
    assert Order.objects.get(kind="expulsion").decision == decision


def test_draft_is_changed_by_its_page_and_a_signed_order_has_none(admin, running, drafted, administrator):
    one, other = (
        factories.make_enrolment(cohort=running, surname=surname, state=EnrolmentState.ADMITTED)
        for surname in ("Әлімов", "Бекенов")
    )
    order = drafted(OrderKind.ENROLMENT, Listed(one, note="бұрынғы"))
    form = admin.get(at("edit", order)).context["form"]
    assert [(row.candidate.enrolment, row.is_ticked) for row in form.rows()] == [(one, True), (other, False)]
    assert form[f"note-{one.pk}"].value() == "бұрынғы"
    assert admin.post(at("edit", order), terms(other, number="77")).url == at("change", order)
    order.refresh_from_db()
    assert (order.number, order.lines.get().enrolment) == ("77", other)
    sign_order(order=order, by=administrator)
    assert admin.get(at("edit", order)).status_code == 404
    assert admin.post(at("edit", order), terms(one)).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_draft_page_asks_the_same_number_of_queries(admin, running, request_of, many, count_queries):
    for _person in range(many):
        request_of(factories.make_enrolment(cohort=running), Way.TRANSFER)
    with count_queries() as seen:
        assert admin.get(at("draft", "transfer", cohort=running.pk)).status_code == 200
    assert seen.count == 11


# --- Signing --------------------------------------------------------------------------------------


def test_sign_page_says_what_happens_and_then_it_happens(admin, running, drafted, expel_decision):
    told = factories.make_enrolment(cohort=running)
    bare = factories.make_enrolment(cohort=running, employer=None)
    order = drafted(OrderKind.EXPULSION, Listed(told), Listed(bare), decision=expel_decision(told, bare))
    page = text(admin.get(at("sign", order)))
    assert f"Is expelled. A letter is written to: {told.listener.employer}." in page
    assert "Is expelled. No employer is on record" in page
    assert "The head has signed: carry it out" in page
    assert Order.objects.get(pk=order.pk).state == OrderState.DRAFT
    assert admin.post(at("sign", order)).url == at("change", order)
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.EXPELLED}
    shown = text(admin.get(at("change", order)))
    assert "Letter to the employer № 1-2026" in shown
    assert "This order is not a draft any more." in text(admin.get(at("sign", order)))


def test_sign_page_names_everybody_who_does_not_fit_and_why(admin, running, drafted, expel_decision):
    fits = factories.make_enrolment(cohort=running)
    gone = factories.make_enrolment(cohort=running, state=EnrolmentState.WITHDRAWN, surname="Өтеген")
    spared = factories.make_enrolment(cohort=running, surname="Ізбасар")
    people = [Listed(one) for one in (fits, gone, spared)]
    order = drafted(OrderKind.EXPULSION, *people, decision=expel_decision(fits, gone), date=date(2026, 9, 1))
    response = admin.get(at("sign", order))
    page = text(response)
    assert response.context["unfit"] == 2
    assert f"An order of this kind does not fit their present state: {gone.listener}." in page
    assert f"The commission has not decided to expel them: {spared.listener}." in page
    assert "Say why it is recorded only now." in page
    assert "The commission&#x27;s decision is later than the order." in page
    assert "carry it out" not in page
    refused = admin.post(at("sign", order))
    assert refused.status_code == 422
    assert Order.objects.get(pk=order.pk).state == OrderState.DRAFT
    fits.refresh_from_db()
    assert fits.state == EnrolmentState.ENROLLED


@pytest.mark.parametrize("many", [1, 3])
def test_sign_page_asks_the_same_number_of_queries(admin, running, edition, drafted, request_of, many, count_queries):
    target = edition.cohorts.get(code="NEXT-1")
    people = [factories.make_enrolment(cohort=running) for _ in range(many)]
    listed = [Listed(one, cohort=target, request=request_of(one, Way.TRANSFER)) for one in people]
    order = drafted(OrderKind.TRANSFER, *listed)
    with count_queries() as seen:
        page = admin.get(at("sign", order))
    assert page.context["fits"]
    assert seen.count == 15


def test_every_kind_is_signed_by_its_page(admin, running, edition, drafted, request_of):
    """Those whose refusals stand in the tests of the rules; here the pages carry each of them out."""
    target = edition.cohorts.get(code="NEXT-1")
    make = lambda state=EnrolmentState.ENROLLED: factories.make_enrolment(cohort=running, state=state)  # noqa: E731
    going, later, leaving = make(), make(), make()
    failed = make(EnrolmentState.NOT_PASSED)
    Enrolment.objects.filter(pk=failed.pk).update(decided_on=DAY)
    until = date(2027, 3, 1)
    asked = request_of(later, Way.DEFERRAL, until=until)
    orders = [
        drafted(OrderKind.ENROLMENT, Listed(make(EnrolmentState.ADMITTED))),
        drafted(OrderKind.TRANSFER, Listed(going, cohort=target, request=request_of(going, Way.TRANSFER))),
        drafted(OrderKind.DEFERRAL, Listed(later, until=until, request=asked)),
        drafted(OrderKind.REINSTATEMENT, Listed(make(EnrolmentState.EXPELLED))),
        drafted(OrderKind.WITHDRAWAL, Listed(leaving, request=request_of(leaving, Way.WITHDRAWAL))),
        drafted(OrderKind.COMPLETION, Listed(make(EnrolmentState.COMPLETED))),
        drafted(OrderKind.RETAKE, Listed(failed)),
    ]
    for order in orders:
        assert admin.get(at("sign", order)).context["fits"], order.kind
        assert admin.post(at("sign", order)).status_code == 302
        assert admin.get(at("change", order)).status_code == 200
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.SIGNED}


# --- Papers ---------------------------------------------------------------------------------------


def paper_text(response) -> str:  # type: ignore[no-untyped-def]
    document = pypdfium2.PdfDocument(response.content)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_paper_of_a_draft_is_marked_and_of_a_signed_order_is_frozen(admin, running, drafted, administrator):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED, surname="Өтеген", patronymic="")
    order = drafted(OrderKind.ENROLMENT, Listed(one), number="12/к")
    response = admin.get(at("paper", order))
    assert "ЖОБА" in paper_text(response).upper()
    assert (response["Content-Type"], "12-%D0%BA" in response["Content-Disposition"]) == ("application/pdf", True)
    sign_order(order=order, by=administrator)
    one.listener.surname = "Басқа"
    one.listener.save()
    signed = paper_text(admin.get(at("paper", order)))
    assert ("Өтеген" in signed, "Басқа" in signed, "ЖОБА" in signed.upper()) == (True, False, False)


# --- Discarding and cancelling --------------------------------------------------------------------


def test_discarded_draft_frees_its_number_and_cannot_be_signed(admin, running, drafted, administrator):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    order = drafted(OrderKind.ENROLMENT, Listed(one), number="12-к")
    assert "Nobody is moved." in text(admin.get(at("discard", order)))
    assert admin.post(at("discard", order)).url == reverse(LIST)
    order.refresh_from_db()
    assert (order.state, order.audit_trail().first().by) == (OrderState.DISCARDED, administrator)
    assert admin.post(at("sign", order)).status_code == 409
    assert admin.get(at("paper", order)).status_code == 404
    assert enrol(enrolments=[one], number="12-к", date=DAY, by=administrator).state == OrderState.SIGNED


def test_signed_order_is_not_discarded(admin, running, administrator):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    order = enrol(enrolments=[one], number="12-к", date=DAY, by=administrator)
    response = admin.post(at("discard", order))
    assert response.status_code == 422
    assert "A signed order never changes." in text(response)
    order.refresh_from_db()
    assert order.state == OrderState.SIGNED


def cancelling(**fields):  # type: ignore[no-untyped-def]
    return {key: value for key, value in terms(**{"number": "13-к"} | fields).items() if key != "people"}


def test_cancel_page_says_what_goes_back_and_does_it(admin, running, drafted, administrator, expel_decision):
    one = factories.make_enrolment(cohort=running)
    order = drafted(OrderKind.EXPULSION, Listed(one), decision=expel_decision(one))
    sign_order(order=order, by=administrator)
    page = text(admin.get(at("cancel", order)))
    assert "Goes back to the state: enrolled." in page
    assert "The letter to the employer is not needed any more." in page
    response = admin.post(at("cancel", order), cancelling(basis="Қате"))
    order.refresh_from_db()
    one.refresh_from_db()
    assert (order.state, one.state, response.url) == ("cancelled", "enrolled", at("change", order.cancelled_by))
    assert "Cancelled by the order" in text(admin.get(at("change", order)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"basis": ""}, "required"),
        ({"number": "12-к"}, "already has an order No 12-к"),
        ({"date": "2036-01-01"}, "future"),
    ],
)
def test_cancel_page_refuses_in_words(admin, running, administrator, fields, sentence):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    order = enrol(enrolments=[one], number="12-к", date=DAY, by=administrator)
    response = admin.post(at("cancel", order), cancelling(**fields))
    assert response.status_code in (409, 422)
    assert sentence in text(response)
    order.refresh_from_db()
    assert order.state == OrderState.SIGNED


def test_cancel_page_names_for_whom_something_came_after(admin, running, drafted, administrator):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED, surname="Өтеген")
    order = enrol(enrolments=[one], number="12-к", date=DAY, by=administrator)
    sign_order(order=drafted(OrderKind.WITHDRAWAL, Listed(one)), by=administrator)
    response = admin.get(at("cancel", order))
    assert f"Something came after the order, so it cannot be undone for: {one.listener}." in text(response)
    assert response.context["fits"] is False
    assert admin.post(at("cancel", order), cancelling()).status_code == 422
    one.refresh_from_db()
    assert one.state == EnrolmentState.WITHDRAWN


def test_cancel_page_of_a_draft_offers_nothing(admin, running, drafted):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    order = drafted(OrderKind.ENROLMENT, Listed(one))
    assert "Only a signed order that is in force" in text(admin.get(at("cancel", order)))
    assert admin.post(at("cancel", order), cancelling()).status_code == 422


# --- The register, and where orders show ----------------------------------------------------------


def test_register_finds_by_number_and_by_a_folded_name(admin, running, drafted):
    first = drafted(
        OrderKind.ENROLMENT,
        Listed(factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED, surname="Әлиев")),
        number="41-к",
    )
    second = drafted(
        OrderKind.ENROLMENT,
        Listed(factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED, surname="Ким")),
        number="5",
    )
    found = lambda **query: list(admin.get(reverse(LIST), query).context["cl"].queryset)  # noqa: E731
    assert (found(q="алиев"), found(q="41"), found(q="5"), found(q="жоқ")) == ([first], [first], [second], [])
    assert found(cohort=running.pk) == [second, first]
    assert found(cohort="x") == [second, first]
    assert admin.get(reverse(LIST), {"q": "123456789012"}).status_code == 302


def test_register_marks_and_filters_what_is_backdated(admin, running, administrator):
    people = [factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED) for _ in range(2)]
    on_time = enrol(enrolments=people[:1], number="1", date=DAY, by=administrator)
    late = enrol(
        enrolments=people[1:], number="2", date=date(2026, 9, 1), backdating_reason="Кеш келді", by=administrator
    )
    response = admin.get(reverse(LIST), {"backdated": "1", "kind__exact": "enrolment"})
    assert list(response.context["cl"].queryset.filter(number__in="12")) == [late]
    assert 'title="Кеш келді">back-dated' in text(response)
    assert (on_time.is_backdated, late.is_backdated) == (False, True)


@pytest.mark.parametrize("many", [1, 3])
def test_register_asks_the_same_number_of_queries(admin, running, drafted, many, count_queries):
    for _order in range(many):
        drafted(OrderKind.ENROLMENT, Listed(factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)))
    with count_queries() as seen:
        assert admin.get(reverse(LIST)).status_code == 200
    assert seen.count == 7


@pytest.mark.parametrize("many", [1, 3])
def test_order_page_asks_the_same_number_of_queries(
    admin, running, drafted, expel_decision, administrator, many, count_queries
):
    people = [factories.make_enrolment(cohort=running) for _ in range(many)]
    order = drafted(OrderKind.EXPULSION, *map(Listed, people), decision=expel_decision(*people))
    sign_order(order=order, by=administrator)
    with count_queries() as seen:
        assert admin.get(at("change", order)).status_code == 200
    assert seen.count == 7


def test_persons_and_cohorts_pages_show_their_orders(admin, running, drafted):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    order = drafted(OrderKind.ENROLMENT, Listed(one))
    for address in (
        reverse("admin:enrollment_listener_change", args=[one.listener_id]),
        cohort_at("change", running),
        cohort_at("orders", running),
    ):
        assert at("change", order) in text(admin.get(address)), address


def test_quick_enrolment_leads_to_the_order_and_its_paper(admin, running):
    one = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    form = admin.get(cohort_at("enrol", running)).context["form"]
    assert (form["order_no"].value(), form["order_date"].value()) == ("1", DAY)
    posted = {"people": [one.pk], "order_no": "12-к", "order_date": "2026-09-04", "backdating_reason": ""}
    page = text(admin.post(cohort_at("enrol", running), posted, follow=True))
    order = Order.objects.get(number="12-к")
    assert (at("change", order) in page, at("paper", order) in page) == (True, True)


def test_orders_are_pages_of_administrators_only(sign_in, trainer, listener, running, drafted):
    order = drafted(
        OrderKind.ENROLMENT, Listed(factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED))
    )
    for person in (trainer, listener.user):
        client = sign_in(person)
        for name in ("change", "edit", "sign", "discard", "cancel", "paper"):
            assert client.get(at(name, order)).status_code == 403
            assert client.post(at(name, order)).status_code == 403
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


@pytest.mark.parametrize("name", ["edit", "sign", "discard", "cancel", "paper"])
def test_order_pages_know_their_methods_and_objects(admin, name):
    assert admin.get(at(name, 999_999_999)).status_code == 404
    assert admin.put(at(name, 999_999_999)).status_code == 405
