"""What is issued: documents, what administrators wish to be issued, the journal of what was, how often people ask."""

from certificates.models.bases import PublicBase
from certificates.models.batches import IssueBatch, Wish
from certificates.models.blanks import Blank, BlankDelivery, BlankState, Printer, WriteOffAct
from certificates.models.checks import CheckCount, CheckDay, Way
from certificates.models.corrections import Cause, CorrectionRequest, CorrectionRequestState
from certificates.models.documents import LIVE, Document, DocumentQuerySet, DocumentState, Kind
from certificates.models.journal import Event, JournalEntry
from certificates.models.numbering import NumberSeries
from certificates.models.revocations import Revocation, RevocationState

__all__ = [
    "LIVE",
    "Blank",
    "BlankDelivery",
    "BlankState",
    "Cause",
    "CheckCount",
    "CheckDay",
    "CorrectionRequest",
    "CorrectionRequestState",
    "Document",
    "DocumentQuerySet",
    "DocumentState",
    "Event",
    "IssueBatch",
    "JournalEntry",
    "Kind",
    "NumberSeries",
    "Printer",
    "PublicBase",
    "Revocation",
    "RevocationState",
    "Way",
    "Wish",
    "WriteOffAct",
]
