"""What is issued: documents, what administrators wish to be issued, and the journal of what was."""

from certificates.models.batches import IssueBatch, Wish
from certificates.models.corrections import Cause, CorrectionRequest, CorrectionRequestState
from certificates.models.documents import LIVE, Document, DocumentQuerySet, DocumentState, Kind
from certificates.models.journal import Event, JournalEntry
from certificates.models.numbering import NumberSeries
from certificates.models.revocations import Revocation, RevocationState

__all__ = [
    "LIVE",
    "Cause",
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
    "Revocation",
    "RevocationState",
    "Wish",
]
