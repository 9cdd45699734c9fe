"""Fields that several forms of enrolment share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.errors import DomainError

T = TypeVar("T")


def read_with(reader: Callable[[str], T], text: str) -> T:
    """What `reader` makes of the text; its refusal is shown at the field."""
    try:
        return reader(text)
    except DomainError as refusal:
        raise ValidationError(refusal.sentence) from refusal


class DayInput(forms.DateInput):
    """A date as the browser's own picker gives it."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A date; the browser sends it as 2026-09-07 whatever the language."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


class ChosenField(forms.ModelMultipleChoiceField):
    """Several rows; a number that no database column holds is an unknown choice."""

    def _check_values(self, value: Any) -> models.QuerySet[Any]:
        for pk in value:
            if not (str(pk).isascii() and str(pk).isdigit() and len(str(pk)) < 19):
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": pk}
                )
        return super()._check_values(value)  # type: ignore[misc]
