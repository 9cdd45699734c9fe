"""What is issued: documents, what administrators wish to be issued, the journal of what was, how often people ask."""

from certificates.models.bases import PublicBase
from certificates.models.batches import IssueBatch, Wish
from certificates.models.checks import CheckCount, CheckDay, Way
from certificates.models.corrections import Cause, CorrectionRequest, CorrectionRequestState
from certificates.models.documents import LIVE, Document, DocumentQuerySet, DocumentState, Kind
from certificates.models.journal import Event, JournalEntry
from certificates.models.numbering import NumberSeries
from certificates.models.revocations import Revocation, RevocationState

__all__ = [
    "LIVE",
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
    "PublicBase",
    "Revocation",
    "RevocationState",
    "Way",
    "Wish",
]
