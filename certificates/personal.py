"""Personal data on this floor: issued documents. They stay as issued also when everything else is erased (I9, I10)."""

from certificates.models import Blank, CorrectionRequest, Document, Revocation, Wish
from core.persons import Held, of_listener, scrub

WORK = "bookkeeping of the worker"
HELD = [
    Held(
        Document,
        whose=of_listener("enrolment__listener"),
        name="documents",
        shown={"signatory": "signatory__full_name"},
        left_out={"holder_key": "a search value", "lease_until": WORK, "attempts": WORK, "last_error": WORK},
        file="file",
    ),
    Held(
        Revocation,
        whose=of_listener("document__enrolment__listener"),
        name="revocations",
        shown={"document": "document__number"},
    ),
    Held(
        CorrectionRequest,
        whose=of_listener("document__enrolment__listener"),
        name="document_requests",
        shown={"document": "document__number", "result": "result__number"},
        erase={"words": scrub, "basis": scrub},
    ),
    Held(
        Blank,
        whose=of_listener("document__enrolment__listener"),
        name="blanks",
        shown={"document": "document__number", "delivery": "delivery__note", "act": "act__number"},
    ),
    Held(
        Wish,
        whose=of_listener("outcome__attempt__enrolment__listener"),
        name="wished_documents",
        shown={"batch": "batch__issued_on"},
        left_out={"lease_until": WORK, "attempts": WORK, "last_error": WORK},
        erase={"reason": scrub, "last_error": ""},
    ),
]
NOT_HELD = {
    "certificates.BlankDelivery": "blanks as they came",
    "certificates.WriteOffAct": "numbers of blanks, and the commission, which are staff",
    "certificates.Printer": "how far a printer is out",
    "certificates.PublicBase": "what addresses on papers begin with",
    "certificates.CheckCount": "how often a document was checked on a day; who asked is not known",
    "certificates.CheckDay": "how often anything was checked on a day; who asked is not known",
    "certificates.IssueBatch": "what an administrator asked for a whole protocol",
    "certificates.NumberSeries": "how numbers are written",
    "certificates.JournalEntry": "what the public page says of a document, which stays verifiable for good (I9)",
}
