#!/usr/bin/env bash
# Sets up what is missing on a Debian or Ubuntu machine: `setup.sh run` for what runs, `setup.sh test` for what tests too.
# What is there already is left alone, so the second time takes a moment.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf '%s\n' "$*" >&2; }

# install PACKAGE...: with apt-get as root or by sudo without a password; else say what to type.
install() {
    local become=()
    if [ "$(id -u)" != 0 ]; then
        become=(sudo -n)
        sudo -n true 2>/dev/null || become=()
    fi
    if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && [ ${#become[@]} = 0 ]; }; then
        say "These system packages are missing. Please install them, then try again:"
        say "    sudo apt-get install $*"
        exit 1
    fi
    say "Installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    "${become[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 || true
    if ! "${become[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >var/apt.log 2>&1; then
        tail -n 20 var/apt.log >&2
        say "Installing failed; the whole log is in var/apt.log. By hand: sudo apt-get install $*"
        exit 1
    fi
}

python_works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if python_works "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

has_library() { "$python" -c "import ctypes, sys; ctypes.CDLL(sys.argv[1])" "$1" 2>/dev/null; }
has_postgresql() { command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; }
has_chromium() { [ -x "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; }

mkdir -p var
python=$(find_python) || { install python3 python3-venv && python=$(find_python); } || {
    say "Python 3.11 or newer with its venv module is needed; found: $(python3 --version 2>&1)"
    exit 1
}

missing=()
has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
command -v msgfmt >/dev/null || missing+=(gettext)
if [ "$kind" = test ]; then
    has_postgresql || missing+=(postgresql)
    command -v redis-server >/dev/null || missing+=(redis-server)
    has_chromium || missing+=(chromium)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
    command -v softhsm2-util >/dev/null || missing+=(softhsm2)
fi
[ ${#missing[@]} = 0 ] || install "${missing[@]}"

[ -x .venv/bin/python ] || { say "Making the virtual environment .venv"; "$python" -m venv .venv; }
wanted() { cat "$@" | sha256sum; }
# need STAMP FILE...: install the last file's packages unless they are those of the last time.
need() {
    local stamp=.venv/$1 last="${!#}"
    shift
    [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted "$@")" ] && return
    say "Installing the packages of $last"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$last"
    wanted "$@" >"$stamp"
}
if [ "$kind" = test ]; then
    need packages-test.stamp requirements.txt requirements-dev.txt
    wanted requirements.txt >.venv/packages-run.stamp
else
    need packages-run.stamp requirements.txt
fi
