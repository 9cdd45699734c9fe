#!/usr/bin/env bash
# Gathers what is to be translated into locale/, in the one form that `make check` compares with.
set -euo pipefail
cd "$(dirname "$0")/.."
export VAR=${VAR:-$PWD/var/test} DJANGO_SETTINGS_MODULE=tests.settings_messages
for domain in django djangojs; do
    .venv/bin/python manage.py extendedmakemessages --domain "$domain" --locale kk --locale ru --verbosity 0 \
        --ignore var --ignore i18n_overrides --ignore tests --ignore bench \
        --add-location file --no-wrap --no-obsolete --keep-header --no-fuzzy-matching "$@"
done
