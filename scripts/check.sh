#!/usr/bin/env bash
# Lint, types, floors, migrations, templates, translations. Runs all of them, then says which failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export VAR=${VAR:-$PWD/var/test} PATH=$PWD/.venv/bin:$PATH
failed=()
step() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
    else
        printf '%s\nFAILED  %s: %s\n' "$output" "$name" "$*"
        failed+=("$name")
    fi
}
step "lint" ruff check .
step "format" ruff format --check .
step "types" mypy .
step "floors" lint-imports
step "settings" python manage.py check
step "migrations" python manage.py makemigrations --check --dry-run
step "templates" djlint templates --lint --quiet
step "translations" scripts/messages.sh --check --no-untranslated --no-fuzzy
step "shell" bash -c 'for file in scripts/*.sh .ci/run; do bash -n "$file" || exit 1; done'
if [ ${#failed[@]} != 0 ]; then
    printf 'make check failed: %s\n' "${failed[*]}"
    exit 1
fi
