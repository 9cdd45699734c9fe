"""Settings as an operator sets them, in a process of its own."""

import os
import subprocess
import sys

from django.conf import settings

PRODUCTION = {
    "PUBLIC_BASE_URL": "https://kurs.example.kz",
    "DATABASE_URL": "postgres://course:secret@127.0.0.1/course",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "x7!" * 20 + "abcdefghij",
    "SEAL_KEY": "s" * 50,
    "DIGEST_KEY": "d" * 50,
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtp+tls://user:password@smtp.example.kz:587",
}


def manage(tmp_path, *arguments, **variables):
    """`manage.py` with these variables and none of ours."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=clean | {"VAR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_deployment_check_is_clean_with_production_variables(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (result.returncode, result.stderr) == (0, "")


def test_without_variables_nothing_is_left_open(tmp_path):
    code = "from django.conf import settings as s; print(s.DEBUG, s.DEMO, repr(s.DEMO_PASSWORD), s.PUBLIC_BASE_URL)"
    assert manage(tmp_path, "shell", "-v0", "-c", code).stdout.strip() == "False False '' http://127.0.0.1:8000"


def test_keys_are_made_once_and_kept_from_others(tmp_path):
    manage(tmp_path, "check")
    paths = [tmp_path / f"{name}.txt" for name in ("secret_key", "seal_key", "digest_key")]
    made = [path.read_text() for path in paths]
    manage(tmp_path, "check")
    assert [path.read_text() for path in paths] == made
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3
    assert min(map(len, made)) >= 50
