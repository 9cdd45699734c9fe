"""Accepting the agreement, noting one on paper, taking it along; each refusal beside its success."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, Refused
from enrollment import agreeing, ordering
from enrollment.agreement_gaps import TextRefused
from enrollment.agreement_offers import digest, offer_to
from enrollment.invariants import broken
from enrollment.models import (
    Agreement,
    AgreementText,
    CohortState,
    Enrolment,
    EnrolmentState,
    MovementRequest,
    OrderKind,
    Reason,
    Way,
)
from tests import factories

pytestmark = pytest.mark.django_db
NOW = "2026-09-01 10:15:00+05:00"


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _in_september():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def text(db):  # type: ignore[no-untyped-def]
    return AgreementText.objects.get()


@pytest.fixture
def newcomer(open_cohort):  # type: ignore[no-untyped-def]
    """Admitted, with an account and without an agreement."""
    user = factories.UserFactory(email="newcomer@example.kz", is_listener=True)
    return factories.make_enrolment(
        cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False, user=user, surname="Әлімова"
    )


def accept(enrolment, **changes):  # type: ignore[no-untyped-def]
    arguments = {"seen": offer_to(enrolment).fingerprint, "language": "ru", "by": enrolment.listener.user} | changes
    return agreeing.accept_agreement(enrolment=enrolment, **arguments)


def test_acceptance_stores_time_version_snapshot_and_hash(newcomer, text):
    agreement = accept(newcomer)
    agreement.refresh_from_db()
    assert (agreement.kind, agreement.number, agreement.dated_on) == ("electronic", "KL-2026-000001", date(2026, 9, 1))
    assert (agreement.text, agreement.by, agreement.at) == (text, newcomer.listener.user, timezone.now())
    assert agreement.snapshot["accepted_at"] == "2026-09-01T10:15:00+05:00"
    assert (agreement.snapshot["read_in"], agreement.snapshot["holder"]) == ("ru", newcomer.listener.full_name)
    assert agreement.snapshot["text"] == offer_to(newcomer).filled
    assert agreement.sha256 == digest(agreement.snapshot)
    assert list(broken()) == []


def test_filled_text_says_what_the_register_says(newcomer):
    filled = offer_to(newcomer).filled
    assert f"Тыңдаушы: {newcomer.listener.full_name}\n" in filled["kk"]
    assert "Басталатын күні: 2026 жылғы 7 қыркүйек\nАяқталатын күні: 2026 жылғы 25 қыркүйек\n" in filled["kk"]
    assert (
        "Тема: Менеджмент в образовании: инновационные подходы в управлении\nОбъём, академические часы: 80"
        in filled["ru"]
    )
    assert "Форма обучения: очная" in filled["ru"]
    assert filled["en"].count("The lowest number of points that passes: 50") == 1


def test_acceptance_again_returns_the_same_row(newcomer):
    first = accept(newcomer)
    assert accept(newcomer, seen="whatever") == first
    assert Agreement.objects.count() == 1


def test_acceptance_is_the_listeners_own(newcomer, administrator):
    stranger = factories.UserFactory(is_listener=True)
    for person in (administrator, stranger):
        with pytest.raises(Refused, match="Only the listener"):
            accept(newcomer, by=person)
    assert Agreement.objects.count() == 0


def test_acceptance_of_what_has_changed_meanwhile_is_refused(newcomer, open_cohort):
    seen = offer_to(newcomer).fingerprint
    open_cohort.ends_on += timedelta(days=1)
    open_cohort.save()
    newcomer.refresh_from_db()
    with pytest.raises(Conflict, match="has changed since"):
        accept(newcomer, seen=seen)
    assert Agreement.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "may"),
    [(EnrolmentState.ADMITTED, True), (EnrolmentState.ENROLLED, True)]
    + [(s, False) for s in EnrolmentState if s not in ("admitted", "enrolled", "waiting")],
)
def test_acceptance_is_for_those_who_take_part(open_cohort, state, may):
    user = factories.UserFactory(is_listener=True)
    enrolment = factories.make_enrolment(cohort=open_cohort, state=state, agreed=False, user=user)
    assert enrolment.may_accept is may
    if may:
        assert accept(enrolment).enrolment == enrolment
    else:
        with pytest.raises(Refused, match="after admission"):
            accept(enrolment)


@pytest.mark.parametrize("state", [CohortState.CLOSED, CohortState.CANCELLED])
def test_acceptance_in_a_cohort_that_is_over_is_refused(edition, state):
    cohort = factories.make_cohort(edition=edition, state=state)
    user = factories.UserFactory(is_listener=True)
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED, agreed=False, user=user)
    with pytest.raises(Refused, match="not open any more"):
        accept(enrolment)


def test_acceptance_without_a_text_is_refused(newcomer, text):
    text.delete()
    with pytest.raises(Refused, match="no agreement text"):
        offer_to(newcomer)


def test_acceptance_of_unprintable_particulars_is_refused(newcomer):
    newcomer.listener.employer.name = "中 мектеп"
    newcomer.listener.employer.save()
    with pytest.raises(Refused, match="U\\+4E2D"):
        accept(newcomer)


def test_accepted_agreement_is_frozen_for_good(newcomer, text):
    agreement = accept(newcomer)
    for change in (
        lambda: Agreement.objects.filter(pk=agreement.pk).update(number="1"),
        lambda: Agreement.objects.filter(pk=agreement.pk)._raw_delete("default"),
        lambda: AgreementText.objects.filter(pk=text.pk).update(text_ru="Иначе"),
        lambda: AgreementText.objects.filter(pk=text.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_order_enrols_whoever_has_accepted_and_names_others(newcomer, open_cohort, administrator, signatory):
    other = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False)
    arguments = {"number": "1-к", "date": timezone.localdate(), "by": administrator}
    accept(newcomer)
    with pytest.raises(Refused, match=f"neither accepted nor on file: {other.listener}\\."):
        ordering.enrol(enrolments=[newcomer, other], **arguments)
    ordering.enrol(enrolments=[newcomer], **arguments)
    newcomer.refresh_from_db()
    assert newcomer.state == EnrolmentState.ENROLLED


# --- Texts ----------------------------------------------------------------------------------------


def test_text_is_edited_until_it_is_used_and_then_followed_by_a_version(newcomer, text, administrator):
    text.text_ru += "\n\n9. Ещё"
    agreeing.keep_text(text=text, by=administrator)
    accept(newcomer)
    with pytest.raises(Refused, match="Add a new version"):
        agreeing.keep_text(text=text, by=administrator)
    new = AgreementText(text_kk="Келісім {name}", text_ru="Договор {name}", text_en="Agreement {name}")
    assert agreeing.keep_text(text=new, by=administrator).version == 2


def test_text_with_an_unknown_gap_is_refused_in_its_language(administrator):
    new = AgreementText(text_kk="Келісім {name}", text_ru="Договор {фио}", text_en="Agreement")
    with pytest.raises(TextRefused, match=r"^Russian: There is no such gap: {фио}"):
        agreeing.keep_text(text=new, by=administrator)


def test_later_version_is_offered_to_those_to_come(newcomer, open_cohort, administrator):
    first = accept(newcomer)
    new = AgreementText(text_kk="Келісім {name}", text_ru="Договор {name}", text_en="Agreement {name}")
    agreeing.keep_text(text=new, by=administrator)
    user = factories.UserFactory(is_listener=True)
    later = accept(factories.make_enrolment(cohort=open_cohort, agreed=False, user=user))
    assert (first.text.version, later.text.version, later.number) == (1, 2, "KL-2026-000002")


# --- On paper -------------------------------------------------------------------------------------


def test_paper_is_noted_for_several_and_who_has_one_keeps_it(newcomer, open_cohort, administrator):
    accepted = accept(newcomer)
    two = [factories.make_enrolment(cohort=open_cohort, agreed=False) for _ in range(2)]
    agreeing.record_paper_agreements(
        enrolments=[newcomer, *two],
        dated_on=date(2026, 8, 31),
        number="15",
        numbers={two[1].pk: " 16/а "},
        by=administrator,
    )
    assert Agreement.objects.get(enrolment=newcomer) == accepted
    noted = Agreement.objects.filter(kind="paper").order_by("pk").values_list("enrolment", "number", "dated_on", "by")
    day = date(2026, 8, 31)
    assert list(noted) == [(two[0].pk, "15", day, administrator.pk), (two[1].pk, "16/а", day, administrator.pk)]


@pytest.mark.parametrize(
    ("day", "sentence"), [(date(2026, 9, 2), "in the future"), (date(1999, 12, 31), "before 2000")]
)
def test_paper_of_an_impossible_date_is_refused(newcomer, administrator, day, sentence):
    with pytest.raises(Refused, match=sentence):
        agreeing.record_paper_agreements(enrolments=[newcomer], dated_on=day, number="1", by=administrator)
    agreeing.record_paper_agreements(enrolments=[newcomer], dated_on=date(2000, 1, 1), number="1", by=administrator)
    assert Agreement.objects.get().dated_on == date(2000, 1, 1)


def test_paper_of_who_has_left_is_refused_by_name(newcomer, open_cohort, administrator):
    gone = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.WITHDRAWN, agreed=False)
    with pytest.raises(Refused, match=str(gone.listener)):
        agreeing.record_paper_agreements(
            enrolments=[newcomer, gone], dated_on=date(2026, 9, 1), number="1", by=administrator
        )
    assert Agreement.objects.count() == 0


# --- Along ----------------------------------------------------------------------------------------


def transfer(enrolment, target, administrator, signatory, number):  # type: ignore[no-untyped-def]
    request = MovementRequest.objects.create(
        enrolment=enrolment, way=Way.TRANSFER, reason=Reason.WORK, words="іссапар", filed_by=administrator
    )
    order = ordering.draft_order(
        kind=OrderKind.TRANSFER,
        number=number,
        date=timezone.localdate(),
        signatory=signatory,
        people=[ordering.Listed(enrolment, cohort=target, request=request)],
        by=administrator,
    )
    ordering.sign_order(order=order, by=administrator)
    return target.enrolments.get(listener=enrolment.listener)


def test_agreement_goes_along_through_two_transfers(newcomer, edition, administrator, signatory, count_queries):
    made = accept(newcomer)
    ordering.enrol(enrolments=[newcomer], number="1-к", date=timezone.localdate(), by=administrator)
    second, third = (factories.make_cohort(edition=edition, code=f"NEXT-{n}") for n in (1, 2))
    middle = transfer(Enrolment.objects.get(pk=newcomer.pk), second, administrator, signatory, "2-к")
    last = transfer(middle, third, administrator, signatory, "3-к")
    for enrolment in (middle, last):
        assert (enrolment.agreement.kind, enrolment.agreement.made) == ("continued", made)
        assert (enrolment.agreement.number, enrolment.agreement.dated_on) == (made.number, made.dated_on)
    assert accept(last, seen="") == last.agreement
    assert list(broken()) == []
    with count_queries() as seen:
        assert [e.has_agreement for e in Enrolment.objects.select_related("agreement")] == [True] * 3
    assert seen.count == 1


def test_agreement_noted_later_goes_along_too(edition, open_cohort, administrator):
    first = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.NOT_PASSED, agreed=False)
    after = factories.make_cohort(edition=edition, code="NEXT-1")
    second = factories.make_enrolment(cohort=after, listener=first.listener, agreed=False)
    Enrolment.objects.filter(pk=second.pk).update(origin=first)
    assert second.has_agreement is False
    agreeing.record_paper_agreements(enrolments=[first], dated_on=date(2026, 8, 1), number="7", by=administrator)
    assert Agreement.objects.get(enrolment=second).made == Agreement.objects.get(enrolment=first)
    assert list(broken()) == []


def test_invariant_finds_an_agreement_that_was_left_behind(edition, open_cohort):
    first = factories.make_enrolment(cohort=open_cohort)
    after = factories.make_cohort(edition=edition, code="NEXT-1")
    second = factories.make_enrolment(cohort=after, listener=first.listener, agreed=False)
    Enrolment.objects.filter(pk=second.pk).update(origin=first)
    assert list(broken()) == [
        f"enrolment {second.pk}: the agreement of the enrolment that it continues has not gone along"
    ]


def test_invariant_finds_a_snapshot_that_is_not_what_was_accepted(newcomer, text):
    Agreement.objects.create(
        enrolment=newcomer, kind="electronic", number="KL-1", dated_on=date(2026, 9, 1), text=text,
        snapshot={"version": 1}, sha256="0" * 64,
    )  # fmt: skip
    assert [line.split(": ")[1] for line in broken()] == ["what was accepted and its SHA-256 do not belong together"]
