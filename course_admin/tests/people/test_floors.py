"""No table is forgotten: each is named by its floor, as holding data of people or with the reason why not."""

import pytest
from django.apps import apps
from django.db import models

from core.persons import Held
from course_admin.people.floors import floors, whole_person

pytestmark = pytest.mark.django_db


def held() -> list[Held]:
    return [one for floor in floors() for one in floor.HELD]


def everything() -> set[str]:
    return {model._meta.label for model in apps.get_models(include_auto_created=True)}


def test_every_model_is_held_or_left_out_with_a_reason():
    """A new model fails here until its floor's `personal.py` says what it is."""
    named = [one.model._meta.label for one in held()]
    left_out = {label: why for floor in floors() for label, why in floor.NOT_HELD.items()}
    assert set(named) | set(left_out) == everything()
    assert set(named) & set(left_out) == set()
    assert len(named) == len(set(named))
    assert [label for label, why in left_out.items() if len(why) < 5] == []


def test_every_held_model_is_exported_or_says_why_not():
    assert [one.model._meta.label for one in held() if bool(one.name) == bool(one.why_not)] == []
    names = [one.name for one in held() if one.name]
    assert len(names) == len(set(names))


def test_no_field_that_a_table_names_is_gone():
    for one in held():
        fields = {field.name for field in one.model._meta.concrete_fields}
        wrong = (set(one.left_out) | set(one.erase) | set(one.shown) | ({one.file} - {""})) - fields
        assert wrong == set(), one.model._meta.label


def test_every_foreign_key_is_shown_so_that_people_understand_it():
    """By a text, as "self" or "institute", or as the number of a row in another section."""
    exported = {one.model for one in held() if one.name}
    dumb = [
        f"{one.model._meta.label}.{field.name}"
        for one in held()
        if one.name
        for field in one.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.name not in {*one.shown, *one.left_out}
        and field.related_model not in exported
    ]
    assert dumb == []


def test_person_has_something_in_every_table(life):
    """So that the tests of export and erasure do prove something about each."""
    person = whole_person(life.listener)
    assert [one.model._meta.label for one in held() if not one.rows(person).exists()] == []


def test_nobody_else_is_in_these_rows(life, listener, other_listener):
    mine = whole_person(life.listener)
    assert [one.name for one in held() if one.rows(mine).filter(pk__in=one.rows(whole_person(listener))).exists()] == [
        "consent_texts" if listener.consent_id else None
    ][: bool(listener.consent_id)]
