"""A document is revoked as two people do it."""

from accounts.models import User
from certificates.models import Document
from certificates.revoking import approve_revocation, propose_revocation
from tests import factories


def revoke(*, document: Document, reason: str, by: User) -> Document:
    """Proposed by a colleague, approved by this administrator."""
    colleague = User.objects.filter(email="colleague@example.kz").first() or factories.UserFactory(
        email="colleague@example.kz", full_name="Әріптесова Дина", is_administrator=True
    )
    revocation = propose_revocation(document=document, reason=reason, by=colleague)
    return approve_revocation(revocation=revocation, by=by)
