"""A stranger's spreadsheet, read in a process of its own: what breaks the parser breaks nothing else."""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from core.archives import SpreadsheetRefused, damaged
from core.sheet_child import REFUSED
from core.spreadsheets import LARGEST_FILE, Sheet, read_rows

PATIENCE = 20  # seconds, also on a machine that is busy
CHILD = Path(__file__).with_name("sheet_child.py")


def read_rows_apart(content: bytes, filename: str, *, max_rows: int, max_columns: int) -> Sheet:
    """As `core.spreadsheets.read_rows`; raises `SpreadsheetRefused` also for what would have ended the process."""
    if len(content) > LARGEST_FILE or not content:
        return read_rows(content, filename, max_rows=max_rows, max_columns=max_columns)  # refuses without a parser
    language = get_language() or settings.LANGUAGE_CODE
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            [
                *(sys.executable, "-I", "-W", "ignore", str(CHILD)),
                *(_plain_name(filename), str(max_rows), str(max_columns), language),
            ],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise damaged() from error
    if done.returncode == REFUSED:
        raise SpreadsheetRefused(done.stderr.decode())
    if done.returncode:
        raise damaged()
    kind, rows = json.loads(done.stdout)
    return Sheet(rows, kind)


def _plain_name(filename: str) -> str:
    """Only its ending matters, and an argument must not look like anything else."""
    if "." not in filename:
        return "list"
    ending = filename.rpartition(".")[2]
    return f"list.{ending}" if ending.isalnum() and ending.isascii() and len(ending) < 10 else "list.other"
