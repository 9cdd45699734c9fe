"""Documents in the admin panel: registers, issuing, revoking."""

from certificates.admin.batches import IssueBatchAdmin
from certificates.admin.corrections import CorrectionRequestAdmin
from certificates.admin.documents import DocumentAdmin
from certificates.admin.journal import JournalEntryAdmin
from certificates.admin.numbering import NumberSeriesAdmin

__all__ = ["CorrectionRequestAdmin", "DocumentAdmin", "IssueBatchAdmin", "JournalEntryAdmin", "NumberSeriesAdmin"]
