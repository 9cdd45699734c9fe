"""The form that every letter has: who is greeted, what is said, who says it."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


def letter(paragraphs: Iterable[str], *, to: str = "") -> str:
    """The body of a letter in the active language, its empty paragraphs left out; `to` is the name that is greeted."""
    greeting = _("Good day, %(name)s!") % {"name": to} if to else ""
    institute = settings.INSTITUTE_NAME[translation.get_language() or settings.LANGUAGE_CODE]
    return "\n\n".join(filter(None, [greeting, *paragraphs, f"{institute}\n{settings.PUBLIC_BASE_URL}"])) + "\n"
