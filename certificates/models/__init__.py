"""What is issued: documents, and what administrators wish to be issued."""

from certificates.models.batches import IssueBatch, Wish
from certificates.models.documents import LIVE, Document, DocumentQuerySet, DocumentState, Kind

__all__ = ["LIVE", "Document", "DocumentQuerySet", "DocumentState", "IssueBatch", "Kind", "Wish"]
