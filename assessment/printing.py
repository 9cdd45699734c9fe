"""Prints of what was handed in: its words, and a MinHash by which alike texts are found without reading them all.

A version is printed and then compared, each in a transaction of its own, by `print_versions`: killed anywhere, the next
sweep goes on; two workers at once make one row.
"""

import logging
from typing import IO, Any

from django.db import transaction

from assessment.likening import compare
from assessment.models import PrintBand, SubmittedFile, TextPrint, Version
from assessment.passages import Run, cleaned, runs_of, words_of
from core.reading import LARGEST, read
from enrollment.models import Listener

log = logging.getLogger(__name__)
AT_ONCE = 25  # versions of one sweep
PLACES = 128  # of a signature; two texts that share 5 % of their runs share at least one place 99 times in 100
MOST_CHARACTERS = 800_000  # of one print
_BITS = 32  # of what stands in a place


def print_versions() -> int:
    """Print what has no print, compare what is not compared yet; returns how many were printed. Safe to run twice."""
    due = Version.objects.filter(print=None, submission__enrolment__listener__pseudonymised_at=None)
    made = sum(print_version(version=version) for version in due.order_by("pk")[:AT_ONCE])
    for found in TextPrint.objects.filter(compared_at=None).order_by("pk")[:AT_ONCE]:
        compare(found.pk)
    return made


def print_version(*, version: Version) -> bool:
    """Store the print of a version; False when it has one already, or its listener was erased meanwhile.

    Files that cannot be read are left out, the first one's trouble is noted. Raises when the store does not answer.
    """
    text, trouble = text_of(version)
    words = words_of(text)
    signature = signature_of(runs_of(words))
    with transaction.atomic():
        # An erasure holds this row: what it has blanked is not stored once more.
        holder = Listener.objects.select_for_update(of=("self",)).filter(pseudonymised_at=None)
        if holder.filter(enrolments__submissions=version.submission_id).first() is None:
            return False
        fields = {"text": text, "words": len(words), "signature": signature, "trouble": trouble}
        made, is_new = TextPrint.objects.get_or_create(version=version, defaults=fields)
        if is_new:
            PrintBand.objects.bulk_create(PrintBand(print=made, key=key) for key in keys_of(signature))
    return is_new


def text_of(version: Version) -> tuple[str, str]:
    """What was typed and what the files say, and the word for what could not be read."""
    texts, trouble = [version.text], ""
    for file in version.files.all():
        content = content_of(file)
        reading = read(content) if content is not None else None
        texts.append(reading.text if reading else "")
        trouble = trouble or ("missing" if reading is None else reading.trouble)
    return cleaned("\n".join(filter(None, texts)))[:MOST_CHARACTERS], trouble


def content_of(file: SubmittedFile) -> bytes | None:
    """The stored bytes, at most a little over what is read; None when the store has no such file."""
    if not file.file:
        return None
    try:
        stored: IO[bytes] = file.file.open("rb")
    except FileNotFoundError:
        log.error("submitted file %s is not in the store", file.pk)
        return None
    with stored:
        return stored.read(LARGEST + 1)


def signature_of(runs: list[Run]) -> bytes:
    """The MinHash of these runs, four bytes for each place; empty without any."""
    if not runs:
        return b""
    from datasketch import MinHash  # half a second, in the worker only

    made = MinHash(num_perm=PLACES, scheme="affine32")
    made.update_batch([" ".join(run).encode() for run in set(runs)])
    values: Any = made.hashvalues
    return bytes(values.astype("<u4").tobytes())


def keys_of(signature: bytes) -> list[int]:
    """For each place a number that tells the place and what stands in it."""
    values = [int.from_bytes(signature[at : at + 4], "little") for at in range(0, len(signature), 4)]
    return [(place << _BITS) | value for place, value in enumerate(values)]
