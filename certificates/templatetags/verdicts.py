"""How a verdict is told: its mark, its meaning, its words."""

from collections import Counter

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from certificates.checking_lists import Checked
from certificates.models import Kind
from certificates.verification import Status

register = template.Library()
_PATHS = {
    Status.VALID: "M16 33l11 11 22-25",
    Status.EXPIRED: "M32 16v17l11 8",
    Status.REPLACED: "M18 26h26l-8-8M46 38H20l8 8",
    Status.REVOKED: "M20 20l24 24M44 20L20 44",
    Status.NOT_FOUND: "M25 25a7 7 0 1 1 10 7c-2 1-3 3-3 6M32 46v1",
    Status.UNAVAILABLE: "M32 17v19M32 45v1",
}


@register.simple_tag
def verdict_mark(status: Status) -> SafeString:
    """The sign beside the word; decoration, as the word says the same."""
    return format_html(
        '<svg viewBox="0 0 64 64" width="64" height="64" fill="none" stroke="currentColor" stroke-width="5" '
        'stroke-linecap="round" stroke-linejoin="round"><circle cx="32" cy="32" r="28"/><path d="{}"/></svg>',
        _PATHS[status],
    )


@register.simple_tag
def verdict_meaning(status: Status, facts: dict[str, str] | None) -> str:
    """What the verdict means and what to do; `facts` are texts by name."""
    if status == Status.NOT_FOUND:
        return _(
            "The institute issued no such document. Check the address, or the number and the surname, letter by "
            "letter. If they are right, the paper is not ours."
        )
    if status == Status.UNAVAILABLE or facts is None:
        return _(
            "The register does not answer at this moment. This says nothing about the paper: please repeat the check "
            "in a few minutes."
        )
    if status == Status.REVOKED:
        return _("The institute issued this document and revoked it on %(date)s. It has no force.") % {
            "date": facts["revoked_on"]
        }
    if status == Status.REPLACED:
        return _("The institute replaced this document by No %(number)s. Ask the holder for the new one.") % {
            "number": facts["replaced_by"]
        }
    if status == Status.EXPIRED:
        return _("The document is genuine; its validity ended on %(date)s.") % {"date": facts["ended_on"]}
    return _("The institute issued this document and it is in force.")


@register.simple_tag
def verdict_advice(status: Status) -> str:
    """What whoever holds the paper should do next; empty where the meaning has said it (nothing found)."""
    if status == Status.VALID:
        return _("If a line differs, do not accept the paper and tell the institute.")
    if status == Status.EXPIRED:
        return _(
            "Its holder did complete the course. Whoever asked for the document decides whether it still suffices."
        )
    if status == Status.REVOKED:
        return _("Do not accept the paper, even if every line agrees. The institute answers questions about it.")
    if status == Status.REPLACED:
        return _("Do not accept this paper, even if every line agrees; check the new one in the same way.")
    if status == Status.UNAVAILABLE:
        return _("Do not refuse a paper because of this page.")
    return ""


@register.simple_tag
def document_kind(kind: str) -> str:
    """The kind in words, the statement with what it is not."""
    if kind == Kind.CERTIFICATE:
        return _("Certificate of professional development")
    if kind == Kind.ATTENDANCE:
        return _("Statement of attendance (not a certificate: the final attestation was not passed)")
    return _("Statement of post-course support")


@register.simple_tag
def verdict_counts(checked: list[Checked]) -> str:
    """How many rows have each result, as one line: “Valid: 12 · Not found: 1”."""
    counts = Counter(one.result for one in checked)
    return " · ".join(f"{result}: {count}" for result, count in counts.most_common())
