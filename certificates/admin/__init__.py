"""Documents in the admin panel: registers, issuing, revoking."""

from certificates.admin.batches import IssueBatchAdmin
from certificates.admin.blanks import BlankAdmin, BlankDeliveryAdmin, PrinterAdmin, WriteOffActAdmin
from certificates.admin.checks import CheckCountAdmin, CheckDayAdmin, PublicBaseAdmin
from certificates.admin.corrections import CorrectionRequestAdmin
from certificates.admin.documents import DocumentAdmin
from certificates.admin.journal import JournalEntryAdmin
from certificates.admin.numbering import NumberSeriesAdmin

__all__ = [
    "BlankAdmin",
    "BlankDeliveryAdmin",
    "CheckCountAdmin",
    "CheckDayAdmin",
    "CorrectionRequestAdmin",
    "DocumentAdmin",
    "IssueBatchAdmin",
    "JournalEntryAdmin",
    "NumberSeriesAdmin",
    "PrinterAdmin",
    "PublicBaseAdmin",
    "WriteOffActAdmin",
]
