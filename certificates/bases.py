"""The beginning of every address on paper, PUBLIC_BASE_URL: checked, remembered, and not changed by accident.

Papers cannot be called back: who changes the base keeps answering at every one that was printed.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, transaction
from django.http.request import validate_host
from django.utils.translation import gettext as _

from certificates.models import PublicBase
from core.errors import Refused

LONGEST_REASON = 500


def faults_of(base: str) -> list[str]:
    """Why an address cannot be the beginning of addresses on paper, in English for the technician; empty if it can."""
    try:
        parts = urlsplit(base)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ["is no address"]
    faults = []
    if parts.scheme not in ("http", "https") or not host:
        return ["has to begin with https:// and a host name"]
    if parts.path or parts.query or parts.fragment or "?" in base or "#" in base:
        faults.append("has to end with the host name: no path, no slash, no question mark")
    if parts.username is not None or parts.password is not None:
        faults.append("must not hold a user name")
    if base != base.lower() or not base.isascii():
        faults.append("has to be in small Latin letters (a Cyrillic host name in its xn-- form)")
    if parts.scheme == "http" and not (is_local(base) or settings.DEBUG or settings.DEMO):
        faults.append("has to begin with https://: what people read there decides whether a paper is believed")
    return faults


def is_local(base: str) -> bool:
    """Whether only this machine can open the address, so that it promises nothing to anybody."""
    host = host_of(base)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(base: str) -> str:
    """The host name without the port; empty for what is no address."""
    try:
        return urlsplit(base).hostname or ""
    except ValueError:
        return ""


def is_answered(host: str) -> bool:
    """Whether requests to this host are let in."""
    return validate_host(host, settings.ALLOWED_HOSTS)


def present() -> PublicBase | None:
    """The base that addresses on paper begin with now; None before the first document."""
    return PublicBase.objects.order_by("-pk").first()


def contradiction() -> str:
    """What the settings do not agree with in what was printed, for the technician; empty when they agree.

    Raises `django.db.Error` when the database does not answer or has no such table yet.
    """
    known = list(PublicBase.objects.order_by("pk").values_list("url", flat=True))
    ours = settings.PUBLIC_BASE_URL
    if not known:
        return ""
    if ours != known[-1]:
        return (
            f"PUBLIC_BASE_URL is {ours}, but the addresses on issued papers begin with {known[-1]}. Set it back, or "
            f"let the change be recorded: manage.py change_public_base {ours} --reason '…'"
        )
    missing = sorted(set(known) - {ours, *settings.FORMER_BASE_URLS})
    if missing:
        return (
            "Papers point to addresses that would no longer be answered. Add to FORMER_BASE_URLS, separated by commas: "
            + ", ".join(missing)
        )
    return ""


def refuse_contradiction() -> None:
    """Raise `ImproperlyConfigured` when the settings contradict the papers; without a database nothing is said yet."""
    try:
        fault = contradiction()
    except Error:
        return
    if fault:
        raise ImproperlyConfigured(fault)


def use() -> None:
    """Remember the base when the first document is issued; raises `Refused` when it is not the one in use (I9).

    Called in the transaction of the issue. An address of this machine alone is not remembered.
    """
    known = present()
    if known is None:
        if not is_local(settings.PUBLIC_BASE_URL):
            PublicBase.objects.create(url=settings.PUBLIC_BASE_URL)
    elif known.url != settings.PUBLIC_BASE_URL:
        raise Refused(
            _(
                "The address of this system has been changed without a record, so nothing is issued. "
                "The technician records it: manage.py change_public_base."
            )
        )


@transaction.atomic
def change_base(*, new: str, reason: str) -> PublicBase:
    """Let addresses on papers begin with `new` from now on; what was issued keeps its own. A repeat changes nothing.

    Raises `Refused` for an address that cannot be one, and without a reason.
    """
    reason = reason.strip()
    if faults := faults_of(new):
        raise Refused(f"{new} {'; '.join(faults)}.")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Refused(f"Say why, in at most {LONGEST_REASON} characters.")
    known = PublicBase.objects.select_for_update().order_by("-pk").first()
    if known is not None and known.url == new:
        return known
    if known is None and not is_local(settings.PUBLIC_BASE_URL):
        PublicBase.objects.create(url=settings.PUBLIC_BASE_URL)
    return PublicBase.objects.create(url=new, reason=reason)
