"""Dates and numbers as each language writes them."""

import datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation

DAY = datetime.date(2026, 1, 15)
MOMENT = datetime.datetime(2026, 1, 15, 9, 5)


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("kk", "DATE_FORMAT", "2026 жылғы 15 қаңтар"),
        ("kk", "DATETIME_FORMAT", "2026 жылғы 15 қаңтар, 09:05"),
        ("kk", "YEAR_MONTH_FORMAT", "2026 жылғы қаңтар"),
        ("kk", "MONTH_DAY_FORMAT", "15 қаңтар"),
        ("kk", "SHORT_DATE_FORMAT", "15.01.2026"),
        ("kk", "SHORT_DATETIME_FORMAT", "15.01.2026 09:05"),
        ("kk", "TIME_FORMAT", "09:05"),
        ("ru", "DATE_FORMAT", "15 января 2026 г."),
        ("ru", "DATETIME_FORMAT", "15 января 2026 г., 09:05"),
        ("ru", "YEAR_MONTH_FORMAT", "Январь 2026 г."),
        ("ru", "MONTH_DAY_FORMAT", "15 января"),
        ("ru", "SHORT_DATE_FORMAT", "15.01.2026"),
        ("ru", "SHORT_DATETIME_FORMAT", "15.01.2026 09:05"),
        ("ru", "TIME_FORMAT", "09:05"),
        ("en", "DATE_FORMAT", "15 January 2026"),
        ("en", "DATETIME_FORMAT", "15 January 2026, 09:05"),
        ("en", "YEAR_MONTH_FORMAT", "January 2026"),
        ("en", "MONTH_DAY_FORMAT", "15 January"),
        ("en", "SHORT_DATE_FORMAT", "15.01.2026"),
        ("en", "SHORT_DATETIME_FORMAT", "15.01.2026 09:05"),
        ("en", "TIME_FORMAT", "09:05"),
    ],
)
def test_date_is_written_as_the_language_does(language, name, written):
    with translation.override(language):
        assert formats.date_format(MOMENT, name) == written


def test_every_kazakh_month_is_lower_case_and_nominative():
    with translation.override("kk"):
        written = [formats.date_format(DAY.replace(month=month), "F") for month in range(1, 13)]
    assert written == [
        "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
        "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "grouped", "fraction"),
    [("kk", "1\xa0234\xa0567", "1234,5"), ("ru", "1\xa0234\xa0567", "1234,5"), ("en", "1,234,567", "1234.5")],
)
def test_number_is_written_as_the_language_does(language, grouped, fraction):
    with translation.override(language):
        template = Template("{% load humanize %}{{ whole|intcomma }} {{ part|floatformat }}")
        assert template.render(Context({"whole": 1234567, "part": 1234.5})) == f"{grouped} {fraction}"
        assert formats.number_format(1234567, use_l10n=True, force_grouping=True) == grouped


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["15.01.2026", "2026-01-15", "15/01/2026"])
def test_typed_date_is_read_day_first_in_every_language(language, typed):
    with translation.override(language):
        assert forms.DateField(localize=True).clean(typed) == DAY


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_month_first_date_is_refused(language):
    with translation.override(language), pytest.raises(forms.ValidationError):
        forms.DateField(localize=True).clean("01/15/2026")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["15.01.2026 09:05", "2026-01-15 09:05", "2026-01-15T09:05"])
def test_typed_moment_is_read_in_every_language(language, typed, settings):
    settings.USE_TZ = False
    with translation.override(language):
        assert forms.DateTimeField(localize=True).clean(typed) == MOMENT


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_fields_show_dates_day_first_and_week_begins_on_monday(language):
    with translation.override(language):
        assert formats.localize_input(DAY) == "15.01.2026"
        assert formats.localize_input(MOMENT) == "15.01.2026 09:05"
        assert formats.localize_input(MOMENT.time()) == "09:05"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_decimal_comma_is_read(language):
    with translation.override(language):
        assert forms.FloatField(localize=True).clean("1234,5") == 1234.5
