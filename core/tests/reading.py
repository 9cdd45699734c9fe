"""What a PDF says and how long it is, as a reader sees it."""

import pypdfium2


def text_of(content: bytes) -> str:
    """The text of all pages, single spaces."""
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    return " ".join(" ".join(pages).replace("￾", "-").split())


def pages_of(content: bytes) -> int:
    """How many pages it has."""
    return len(pypdfium2.PdfDocument(content))
