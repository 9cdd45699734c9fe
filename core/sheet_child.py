"""Reads one spreadsheet in a process of its own: content in, a JSON list of rows out.

`python sheet_child.py NAME ROWS COLUMNS LANGUAGE`. Ends with REFUSED and a sentence on standard error when the file is
not to be read. Of Django it knows translations only.
"""

import json
import resource
import sys
from pathlib import Path

REFUSED = 3
MEGABYTE = 1024 * 1024
MEMORY = 600 * MEGABYTE
SECONDS = 15  # of the processor
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Read, write; see above."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    name, rows, columns, language = sys.argv[1:]
    content = sys.stdin.buffer.read()
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings
    from django.utils import translation

    settings.configure(
        LANGUAGE_CODE=language,
        LANGUAGES=[(code, code) for code in ("kk", "ru", "en")],
        LOCALE_PATHS=[ROOT / "locale"],
        USE_I18N=True,
    )
    django.setup()
    from core.spreadsheets import SpreadsheetRefused, read_rows

    translation.activate(language)
    try:
        sheet = read_rows(content, name, max_rows=int(rows), max_columns=int(columns))
    except SpreadsheetRefused as refusal:
        sys.stderr.buffer.write(refusal.sentence.encode())
        return REFUSED
    sys.stdout.buffer.write(json.dumps([sheet.kind, sheet.rows]).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
