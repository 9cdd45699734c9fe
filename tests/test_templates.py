"""What no page may show."""

import re

from django.conf import settings


def test_no_comment_spans_lines():
    """Django takes `{# … #}` over two lines for text, and people would read it."""
    opened = re.compile(r"\{#(?:(?!#\}).)*$", re.MULTILINE)
    pages = [*settings.BASE_DIR.glob("templates/**/*.html"), *settings.BASE_DIR.glob("templates/**/*.txt")]
    assert pages
    assert [str(page) for page in pages if opened.search(page.read_text())] == []
