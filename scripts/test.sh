#!/usr/bin/env bash
# Everything that proves the application: checks, then the tests on SQLite with the embedded queue and in a browser, then
# again on a real PostgreSQL with a real Redis, each with real workers; at last the invariants of the demonstration.
set -euo pipefail
cd "$(dirname "$0")/.."
export VAR=${VAR:-$PWD/var/test} PATH=$PWD/.venv/bin:$PATH
unset DATABASE_URL REDIS_URL S3_BUCKET EMAIL_URL PUBLIC_BASE_URL
export CHROMIUM=${CHROMIUM:-$(command -v chromium chromium-browser google-chrome | head -n 1)}
title() { printf '\n== %s (%d min %02d s)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

title "Lint, types, floors, migrations, templates, translations"
scripts/check.sh

title "Demonstration: set up and seeded"
rm -rf "$VAR"/course.sqlite3* "$VAR"/documents "$VAR"/journal "$VAR"/mail
DEMO=1 python manage.py run_course --prepare-only

title "SQLite, embedded queue, browser"
pytest -q -n 2 -m "not servers"
pytest -q -m servers

title "PostgreSQL, Redis"
python -m tests.servers bash -euc '
    pytest -q -n 2 -m "not servers and not browser"
    pytest -q -m servers --ignore=tests/test_outages.py  # it has servers of its own, and has run above
'

title "Invariants of the demonstration, once its worker has caught up"
python -m tests.demonstration
title "All passed"
