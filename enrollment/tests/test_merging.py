"""Two entries of one person: brought together without losing anything, and taken apart again."""

import threading
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from core.errors import Conflict, Refused
from enrollment import invariants
from enrollment.admission import admit
from enrollment.correcting import Name, file_correction
from enrollment.deciding_applications import hold_of, let_count
from enrollment.importing import plan_import
from enrollment.merging import STAYS, is_used, merge, relations, undo_merge
from enrollment.models import (
    CohortState,
    DataExport,
    Enrolment,
    EnrolmentState,
    Listener,
    ListenerMerge,
    NameCorrection,
)
from enrollment.tests.lists import row, workbook
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cohort, other_cohort):  # type: ignore[no-untyped-def]
    """(stays, goes): the one with little, the other with everything."""
    stays = factories.make_enrolment(cohort=other_cohort, surname="Әлімов", given_name="Айбек", patronymic="Серікұлы")
    goes = factories.make_enrolment(
        cohort=cohort, surname="Алимов", given_name="Айбек", patronymic="Серикович", phone="+7 701 000 00 01",
        email="aibek@example.kz",
    )  # fmt: skip
    Listener.objects.filter(pk=stays.listener_id).update(email="", position="", employer=None)
    Enrolment.objects.filter(pk=stays.pk).update(state=EnrolmentState.COMPLETED)
    return Listener.objects.get(pk=stays.listener_id), goes.listener


def account(listener, *, used, email=None):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(is_listener=True, last_login=timezone.now() if used else None)
    if email:
        user.email = email
        user.save()
    Listener.objects.filter(pk=listener.pk).update(user=user)
    return user


def fresh(*rows):  # type: ignore[no-untyped-def]
    for one in rows:
        one.refresh_from_db()
    return rows[0] if len(rows) == 1 else rows


def broken():  # type: ignore[no-untyped-def]
    """The broken invariants of people; the cohorts of these tests are put together by hand."""
    return [line for line in invariants.broken() if "I5" not in line]


def test_relations_are_all_foreign_keys_to_listener():
    """Whatever points to a listener is moved, or is named in STAYS, or is history: a new model cannot be forgotten."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignKey) and field.related_model is Listener
        if model._meta.label not in STAYS and not model.__name__.startswith("Historical")
    }
    assert {str(link) for link in relations()} == found
    assert {
        "enrollment.Enrolment.listener", "enrollment.NameCorrection.listener", "enrollment.Listener.merged_into",
        "enrollment.DataExport.listener",
    } <= found  # fmt: skip


def test_everything_goes_to_the_entry_that_stays(pair, administrator):
    stays, goes = pair
    correction = file_correction(listener=goes, name=Name("Әлімов", "Айбек", ""), words="", by=administrator)
    DataExport.objects.create(listener=goes, by=administrator, ground="сұрау", with_iin=False)
    theirs = goes.enrolments.get()
    record = merge(stays=stays, goes=goes, by=administrator)
    fresh(stays, goes)
    assert (goes.merged_into, list(goes.enrolments.all()), goes.corrections.count()) == (stays, [], 0)
    assert (theirs in stays.enrolments.all(), stays.corrections.get(), stays.exports.count()) == (True, correction, 1)
    assert (record.stays, record.goes, record.by) == (stays, goes, administrator)
    assert record.moved["enrollment.Enrolment.listener"] == [theirs.pk]
    assert list(Listener.objects.current()) == [stays]
    assert broken() == []


def test_what_the_entry_lacks_is_filled_and_the_rest_kept(pair, administrator):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    fresh(stays, goes)
    assert (stays.full_name, stays.email, stays.phone) == ("Әлімов Айбек Серікұлы", goes.email, goes.phone)
    assert (stays.employer, stays.former_names) == (goes.employer, ["Алимов Айбек Серикович"])
    assert (goes.full_name, goes.email) == ("Алимов Айбек Серикович", "aibek@example.kz")
    assert stays.history.first().history_change_reason == f"merged with {goes.pk}"
    assert goes.history.first().history_change_reason == f"merged into {stays.pk}"


def test_merge_again_is_the_same_record(pair, administrator):
    stays, goes = pair
    assert merge(stays=stays, goes=goes, by=administrator) == merge(stays=stays, goes=goes, by=administrator)
    assert ListenerMerge.objects.count() == 1


def test_both_iins_find_the_entry_that_stays(pair, administrator):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    assert [Listener.objects.with_iin(person.iin).get() for person in pair] == [stays, stays]
    assert goes.iin != stays.iin


def test_import_with_the_merged_iin_finds_the_entry_that_stays(pair, administrator, open_cohort, consent):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    cells = {"surname": "Алимов", "patronymic": "Серикович", "bin": "", "employer": ""}
    plan = plan_import(open_cohort, workbook(row(1, iin=goes.iin, **cells)), "list.xlsx")
    assert [(r.listener, [c.sentence for c in r.complaints]) for r in plan.rows] == [(stays, [])]


def test_import_with_both_iins_names_the_second_row(pair, administrator, open_cohort, consent):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    cells = {"surname": "Алимов", "patronymic": "Серикович", "bin": "", "employer": ""}
    rows = [row(1, iin=person.iin, email=f"{n}@b.kz", **cells) for n, person in enumerate(pair)]
    plan = plan_import(open_cohort, workbook(*rows), "list.xlsx")
    assert [[c.sentence for c in r.complaints] for r in plan.rows] == [
        [], ["The register knows this IIN and that of row 2 as one person's. Take one row out."],
    ]  # fmt: skip


def test_application_with_the_merged_iin_belongs_to_the_entry_that_stays(pair, administrator, open_cohort):
    stays, goes = pair
    Enrolment.objects.update(state=EnrolmentState.COMPLETED)
    merge(stays=stays, goes=goes, by=administrator)
    application = factories.make_application(cohort=open_cohort, iin=goes.iin, email="aibek@example.kz")
    assert application.enrolment.listener == stays


def test_held_application_with_the_merged_iin_belongs_to_the_entry_that_stays(pair, administrator, open_cohort):
    stays, goes = pair
    Enrolment.objects.filter(listener=goes).update(state=EnrolmentState.COMPLETED)
    merge(stays=stays, goes=goes, by=administrator)
    factories.make_enrolment(cohort=open_cohort, listener=stays, state=EnrolmentState.WITHDRAWN)
    applied = factories.make_cohort(edition=open_cohort.edition, code="OTHER-1")
    factories.make_enrolment(cohort=applied, listener=stays, state=EnrolmentState.APPLIED)
    held = factories.make_application(cohort=open_cohort, iin=goes.iin, email="new@example.kz")
    assert {enrolment.listener for enrolment in hold_of(held)} == {stays}
    assert let_count(application=held, by=administrator).enrolment.listener == stays


def test_merged_entry_is_out_of_lists_and_choices(pair, administrator, admin):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    assert list(Listener.objects.visible_to(administrator)) == [stays]
    listed = admin.get("/admin/enrollment/listener/?q=Айбек").context["cl"].queryset
    assert list(listed) == [stays]
    choice = admin.get("/admin/autocomplete/?app_label=enrollment&model_name=enrolment&field_name=listener&term=Айбек")
    assert [found["id"] for found in choice.json()["results"]] == [str(stays.pk)]
    assert admin.get(f"/admin/enrollment/listener/{goes.pk}/change/").url.endswith(f"/{stays.pk}/change/")


def test_merged_iin_cannot_be_typed_into_the_entry_that_stays(pair, administrator, admin):
    stays, goes = pair
    merge(stays=stays, goes=goes, by=administrator)
    form = {"surname": "Әлімов", "given_name": "Айбек", "iin": goes.iin, "enrolments-TOTAL_FORMS": "0",
            "enrolments-INITIAL_FORMS": "0"}  # fmt: skip
    response = admin.post(f"/admin/enrollment/listener/{stays.pk}/change/", form)
    assert response.status_code == 422
    assert "was merged into this one" in str(response.context["adminform"].form.errors["iin"])


def test_chain_of_merges_ends_at_one_entry(pair, administrator):
    stays, goes = pair
    third = factories.ListenerFactory()
    merge(stays=stays, goes=goes, by=administrator)
    merge(stays=third, goes=stays, by=administrator)
    fresh(stays, goes)
    assert (goes.merged_into, stays.merged_into) == (third, third)
    assert Listener.objects.with_iin(goes.iin).get() == third
    assert set(third.enrolments.values_list("pk", flat=True)) == set(Enrolment.objects.values_list("pk", flat=True))
    assert broken() == []


@pytest.mark.parametrize("which", ["same", "merged", "erased", "cohort", "edition", "accounts"])
def test_merge_is_refused_and_changes_nothing(pair, administrator, cohort, edition, which):
    stays, goes = pair
    sentence = {
        "same": "two different", "merged": "merged already", "erased": "erased", "cohort": "same cohort: K-2026-1",
        "edition": "two cohorts of one programme", "accounts": "close the other",
    }[which]  # fmt: skip
    if which == "same":
        goes = stays
    elif which == "merged":
        Listener.objects.filter(pk=goes.pk).update(merged_into=factories.ListenerFactory())
    elif which == "erased":
        bare = {"iin_sealed": "", "iin_tail": "", "email": "", "phone": "", "position": ""}
        Listener.objects.filter(pk=goes.pk).update(pseudonymised_at=timezone.now(), **bare)
    elif which == "cohort":
        factories.make_enrolment(cohort=cohort, listener=stays)
    elif which == "edition":
        factories.make_enrolment(
            cohort=factories.make_cohort(edition=edition, state=CohortState.RUNNING, code="K-3"), listener=stays
        )
    else:
        account(stays, used=True)
        account(goes, used=True)
    before = list(Enrolment.objects.order_by("pk").values_list("pk", "listener"))
    with pytest.raises(Refused, match=sentence):
        merge(stays=stays, goes=goes, by=administrator)
    assert list(Enrolment.objects.order_by("pk").values_list("pk", "listener")) == before
    assert ListenerMerge.objects.count() == 0


def test_two_open_corrections_are_refused_in_words(pair, administrator):
    for listener in pair:
        file_correction(listener=listener, name=Name("Жаңа", "Ат", ""), words="", by=administrator)
    with pytest.raises(Refused, match="only one: name correction"):
        merge(stays=pair[0], goes=pair[1], by=administrator)
    assert NameCorrection.objects.filter(listener=pair[1]).count() == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "kept", "closed"),
    [
        (None, None, None, None),
        ("used", None, "ours", None),
        (None, "unused", "theirs", None),
        ("used", "unused", "ours", "theirs"),
        ("unused", "used", "theirs", "ours"),
        ("unused", "unused", "ours", "theirs"),
        ("closed", "used", "theirs", None),
        ("closed", "unused", "theirs", None),
        ("used", "closed", "ours", None),
    ],
)
def test_the_account_that_is_used_stays(pair, administrator, ours, theirs, kept, closed):
    stays, goes = pair
    users = {None: None}
    for name, listener, state in (("ours", stays, ours), ("theirs", goes, theirs)):
        if state:
            users[name] = account(listener, used=state != "unused")
            users[name].is_active = state != "closed"
            users[name].save()
    merge(stays=stays, goes=goes, by=administrator)
    assert fresh(stays).user == users[kept]
    shut = [name for name, user in users.items() if user and not fresh(user).is_active]
    assert shut == [name for name, state in (("ours", ours), ("theirs", theirs)) if name == closed or state == "closed"]
    if kept == "theirs":
        assert stays.user.full_name == stays.full_name
    assert broken() == []


def test_account_of_staff_counts_as_used():
    assert is_used(factories.UserFactory(is_trainer=True))
    assert not is_used(factories.UserFactory(is_listener=True))


@pytest.mark.parametrize("used", [True, False])
def test_undo_brings_everything_back(pair, administrator, used):
    stays, goes = pair
    account(stays, used=False)
    account(goes, used=used)
    contacts = ("email", "phone", "position", "employer_id", "user_id")
    fields = ("surname", *contacts, "former_names", "search_key", "merged_into")
    before = list(Listener.objects.order_by("pk").values(*fields))
    owners = list(Enrolment.objects.order_by("pk").values_list("pk", "listener"))
    record = merge(stays=stays, goes=goes, by=administrator)
    undone = undo_merge(merge=record, by=administrator)
    assert undone.undone_by == administrator
    assert list(Listener.objects.order_by("pk").values(*fields)) == before
    assert list(Enrolment.objects.order_by("pk").values_list("pk", "listener")) == owners
    assert [listener.user.is_active for listener in Listener.objects.all()] == [True, True]
    assert undo_merge(merge=record, by=administrator).undone_at == undone.undone_at
    assert broken() == []
    merge(stays=stays, goes=goes, by=administrator)  # and together again


def test_undo_leaves_what_came_later(pair, administrator, open_cohort):
    stays, goes = pair
    record = merge(stays=stays, goes=goes, by=administrator)
    fresh(stays)
    stays.phone = "+7 702 000 00 02"
    stays.save()
    Enrolment.objects.filter(cohort__code="K-2026-1").update(state=EnrolmentState.COMPLETED)
    later = admit(cohort=open_cohort, listeners=[stays], by=administrator)[0]
    undo_merge(merge=record, by=administrator)
    assert (fresh(later).listener, fresh(stays).phone, stays.email) == (stays, "+7 702 000 00 02", "")


def test_undo_of_the_earlier_merge_asks_for_the_later_first(pair, administrator):
    first = merge(stays=pair[0], goes=pair[1], by=administrator)
    second = merge(stays=factories.ListenerFactory(), goes=pair[0], by=administrator)
    with pytest.raises(Refused, match="Undo that first"):
        undo_merge(merge=first, by=administrator)
    undo_merge(merge=second, by=administrator)
    assert fresh(pair[1]).merged_into == pair[0]
    undo_merge(merge=first, by=administrator)
    assert broken() == []


def test_database_lets_an_enrolment_go_only_to_the_same_person(pair, administrator):
    stays, goes = pair
    enrolment = goes.enrolments.get()

    def give(listener):  # type: ignore[no-untyped-def]
        with transaction.atomic():
            Enrolment.objects.filter(pk=enrolment.pk).update(listener=listener)

    with pytest.raises(IntegrityError, match="frozen"):
        give(stays)
    Listener.objects.filter(pk=goes.pk).update(merged_into=stays)
    with pytest.raises(IntegrityError, match="frozen"):
        give(factories.ListenerFactory())
    give(stays)
    give(goes)  # as an undone merge does
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).update(cohort=stays.enrolments.get().cohort)


@pytest.mark.parametrize("gone", ["merged", "erased"])
def test_nobody_is_enrolled_by_an_entry_that_is_not_used(pair, open_cohort, administrator, gone):
    stays, goes = pair
    Enrolment.objects.update(state=EnrolmentState.COMPLETED)
    if gone == "merged":
        merge(stays=stays, goes=goes, by=administrator)
    else:
        bare = {"iin_sealed": "", "iin_tail": "", "email": "", "phone": "", "position": ""}
        Listener.objects.filter(pk=goes.pk).update(pseudonymised_at=timezone.now(), **bare)
    stale = Listener(pk=goes.pk)
    with pytest.raises(Refused, match="not used any more"):
        admit(cohort=open_cohort, listeners=[Listener.objects.get(pk=goes.pk)], by=administrator)
    with pytest.raises(Conflict, match="just changed"):
        admit(cohort=open_cohort, listeners=[stale], by=administrator)


def test_invariants_name_what_is_left_with_a_merged_entry(pair):
    stays, goes = pair
    Listener.objects.filter(pk=goes.pk).update(merged_into=stays)
    assert broken() == [
        f"enrollment.Enrolment {goes.enrolments.get().pk}: belongs to an entry that was merged into another one",
        f"listener {goes.pk}: merged without a record of it",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_a_place_given_while_two_are_merged_is_never_left_behind(edition, administrator, turn):
    """Two people at once: one merges, the other admits the entry that goes."""
    cohorts = [factories.make_cohort(edition=edition, state=CohortState.OPEN, code=f"R-{n}") for n in range(4)]
    stays, goes = factories.ListenerFactory(), factories.ListenerFactory()
    start = threading.Barrier(5)

    def act(deed):  # type: ignore[no-untyped-def]
        start.wait()
        try:
            with suppress(Refused, Conflict):
                deed()
        finally:
            connection.close()

    deeds = [lambda: merge(stays=stays, goes=goes, by=administrator)]
    deeds += [lambda c=c: admit(cohort=c, listeners=[goes], by=administrator) for c in cohorts]
    threads = [threading.Thread(target=act, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line for line in broken() if "merged" in line] == []
    assert fresh(goes).merged_into == stays
