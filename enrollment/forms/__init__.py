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
from enrollment.forms.requests import AnswerForm, PaperForm, RequestForm

__all__ = [
    "AdmitForm",
    "AnswerForm",
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
    "PaperForm",
    "PapersForm",
    "ReasonForm",
    "RequestForm",
]
