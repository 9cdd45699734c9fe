"""Text into values, by noun. Nothing here writes."""

from enrollment.forms.agreements import AcceptForm, AgreementTextForm, PaperAgreementsForm
from enrollment.forms.commission import DecisionForm, MemberForm
from enrollment.forms.fields import ChosenField, DayField, DayInput
from enrollment.forms.notices import AddresseeForm, SendingForm
from enrollment.forms.orders import CancelOrderForm, ConfirmForm, DraftForm, terms_of
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
    "AcceptForm",
    "AddresseeForm",
    "AdmitForm",
    "AgreementTextForm",
    "AnswerForm",
    "CancelOrderForm",
    "ChosenField",
    "CohortForm",
    "ConfirmForm",
    "ConsentTextForm",
    "DayField",
    "DayInput",
    "DecisionForm",
    "DraftForm",
    "EmployerForm",
    "IinForm",
    "ListForm",
    "ListenerForm",
    "MemberForm",
    "OrderForm",
    "PaperAgreementsForm",
    "PaperForm",
    "PapersForm",
    "ReasonForm",
    "RequestForm",
    "SendingForm",
    "terms_of",
]
