"""What every template may name without a view's help."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def institute(request: HttpRequest | None = None) -> dict[str, Any]:
    """The institute's name and city in the active language, and the languages to choose from."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "institute_name": settings.INSTITUTE_NAME[language],
        "institute_city": settings.INSTITUTE_CITY[language],
        "institute_contact": settings.INSTITUTE_CONTACT,
        "public_host": settings.PUBLIC_HOST,
        "languages": [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")],
        "language": language,
    }
