"""Text into values, by noun. Nothing here writes."""

from enrollment.forms.fields import ChosenField, DayField, DayInput
from enrollment.forms.registers import (
    AdmitForm,
    CohortForm,
    ConsentTextForm,
    EmployerForm,
    IinForm,
    ListenerForm,
    ListForm,
    OrderForm,
    PapersForm,
    ReasonForm,
)

__all__ = [
    "AdmitForm",
    "ChosenField",
    "CohortForm",
    "ConsentTextForm",
    "DayField",
    "DayInput",
    "EmployerForm",
    "IinForm",
    "ListForm",
    "ListenerForm",
    "OrderForm",
    "PapersForm",
    "ReasonForm",
]
