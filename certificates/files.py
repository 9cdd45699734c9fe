"""Reading the files of documents, also when the store has lost one."""

import logging
import re
import zipfile
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO

from django.utils.translation import gettext as _

from certificates.models import Document
from core.errors import DomainError

log = logging.getLogger(__name__)


class FileUnreadableError(DomainError):
    """The store does not give the file of an issued document now."""

    status = 503


def open_file(document: Document) -> IO[bytes]:
    """The open PDF of a document that has one. Raises `FileUnreadableError`, and logs why."""
    try:
        file: IO[bytes] = document.file.open("rb")
    except OSError as error:
        log.error("the file of document %s: %s", document.number, error)
        raise FileUnreadableError(
            _("The file of No %(number)s cannot be read now. Please tell the institute.") % {"number": document.number}
        ) from error
    return file


def pack(documents: Iterable[Document]) -> IO[bytes]:
    """A ZIP in a temporary file, one PDF per document, named by number and surname. Raises `FileUnreadableError`."""
    spool = TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:  # PDFs are compressed already
            for document in documents:
                with open_file(document) as file:
                    surname = re.sub(r"[^\w-]+", "_", document.snapshot["holder"]["surname"])
                    archive.writestr(f"{document.number} {surname}.pdf", file.read())
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool
