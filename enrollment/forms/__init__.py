"""Text into values, by noun. Nothing here writes."""

from enrollment.forms.agreements import AcceptForm, AgreementTextForm, PaperAgreementsForm
from enrollment.forms.applications import (
    ApplicationForm,
    ConsentForm,
    DecideForm,
    GroupForm,
    TakeBackForm,
    TakeOverForm,
    WordsForm,
)
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
    "ApplicationForm",
    "CancelOrderForm",
    "ChosenField",
    "CohortForm",
    "ConfirmForm",
    "ConsentForm",
    "ConsentTextForm",
    "DayField",
    "DayInput",
    "DecideForm",
    "DecisionForm",
    "DraftForm",
    "EmployerForm",
    "GroupForm",
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
    "TakeBackForm",
    "TakeOverForm",
    "WordsForm",
    "terms_of",
]
