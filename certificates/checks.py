"""What Django checks before it starts: that papers and the addresses on them can be what they are set to be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DatabaseFault

from certificates import bases

LOGO_BYTES = 20_000  # a whole certificate stays under 60 KB


@register()
def check_logo(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The institute's mark is there, of a kind that papers take, and small."""
    path = Path(settings.INSTITUTE_LOGO)
    if not path.is_file() or path.suffix.lower() not in (".svg", ".png"):
        return [Error(f"INSTITUTE_LOGO: {path} is no SVG or PNG file.", id="certificates.E005")]
    if path.stat().st_size > LOGO_BYTES:
        return [Error(f"INSTITUTE_LOGO: {path} is larger than {LOGO_BYTES // 1000} KB.", id="certificates.E006")]
    return []


@register(Tags.urls)
def check_base(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """PUBLIC_BASE_URL and each of FORMER_BASE_URLS can stand before `/v/…/`, and their hosts are answered."""
    found: list[CheckMessage] = [
        Error(f"{name}: {base} {fault}", id="certificates.E001")
        for name, base in (
            ("PUBLIC_BASE_URL", settings.PUBLIC_BASE_URL),
            *(("FORMER_BASE_URLS", base) for base in settings.FORMER_BASE_URLS),
        )
        for fault in bases.faults_of(base)
    ]
    hosts = {bases.host_of(base) for base in (settings.PUBLIC_BASE_URL, *settings.FORMER_BASE_URLS)}
    found += [
        Error(f"ALLOWED_HOSTS lacks {host}, so addresses on papers would be refused", id="certificates.E002")
        for host in sorted(hosts)
        if not bases.is_answered(host)
    ]
    return found


@register(Tags.urls, deploy=True)
def check_reach(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Papers can be checked from more than this machine."""
    if bases.is_local(settings.PUBLIC_BASE_URL):
        return [Error(f"PUBLIC_BASE_URL: {settings.PUBLIC_BASE_URL} is this machine's own", id="certificates.E003")]
    return []


@register(Tags.database)
def check_change(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The settings agree with what was printed; run by `migrate` and by `check --database default`."""
    if "default" not in (databases or ()):
        return []
    try:
        fault = bases.contradiction()
    except DatabaseFault:  # no table yet, or no database: others say so
        return []
    return [Error(fault, id="certificates.E004")] if fault else []
