"""What is looked at before anything starts."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

LOGO_BYTES = 20_000  # a whole certificate stays under 60 KB


@register()
def logo(**_: Any) -> list[Error]:
    """The institute's mark is there, of a kind that papers take, and small."""
    path = Path(settings.INSTITUTE_LOGO)
    if not path.is_file() or path.suffix.lower() not in (".svg", ".png"):
        return [Error(f"INSTITUTE_LOGO: {path} is no SVG or PNG file.", id="certificates.E001")]
    if path.stat().st_size > LOGO_BYTES:
        return [Error(f"INSTITUTE_LOGO: {path} is larger than {LOGO_BYTES // 1000} KB.", id="certificates.E002")]
    return []
