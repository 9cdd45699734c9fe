"""Every state of a paper under every fault: the right answer or "cannot be checked now", never another one."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg2
import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, override_settings

from certificates import journal
from certificates.models import Document
from certificates.recovering import replay
from certificates.revoking import reissue
from certificates.tests.conftest import (  # noqa: F401 (fixtures)
    ABSENT,
    finish,
    in_october,
    issue_to,
    make_ready,
    protocol_of,
)
from certificates.tests.revocations import revoke
from certificates.verification import check, look_up
from tests.servers import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_october")]
POSTGRESQL = connection.vendor == "postgresql"

MOMENTS = {
    "before the issue": "2026-10-01T10:00:00+05:00",
    "the day after the issue": "2026-10-06T10:00:00+05:00",
    "the last valid day": "2029-10-05T23:59:59+05:00",
    "after the expiry": "2029-10-06T00:00:01+05:00",
}
EXPIRES = {"certificate", "being made", "successor"}  # of the papers below
CODES = {"not_found": 404, "unavailable": 503}


@pytest.fixture
def papers(make_ready, issue_to, protocol_of, administrator, signatory, settings):  # type: ignore[no-untyped-def]  # noqa: F811
    """(token, number, surname) by state; as much may be asked as one likes."""
    settings.LOOKUPS_PER_MINUTE = settings.VERIFICATION_MISSES_PER_MINUTE = 10_000
    protocol = protocol_of("Әлімов", "Бекенов", "Ғабитов", "Дәулетов", "-Ержанов")
    outcomes = list(protocol.outcomes.order_by("attempt__enrolment__listener__sort_key"))
    made = {
        name: make_ready(outcome)
        for name, outcome in zip(("certificate", "revoked", "replaced"), outcomes[:3], strict=True)
    }
    made["being made"] = issue_to(outcomes[3])
    made["statement"] = make_ready(outcomes[4])
    revoke(document=made["revoked"], reason="қате", by=administrator)
    made["successor"] = reissue(document=made["replaced"], reason="қате", signatory=signatory, by=administrator)
    journal.write_down()
    told = {name: (one.token, one.number, one.snapshot["holder"]["surname"]) for name, one in made.items()}
    return told | {"absent": (ABSENT, "SK-2026-999999", "Әлімов"), "malformed": ("x", "9" * 50, "Әлімов")}


def right(name, moment):
    """What is true of it then."""
    if name in ("absent", "malformed"):
        return "not_found"
    if name in ("revoked", "replaced"):
        return name
    return "expired" if moment == "after the expiry" and name in EXPIRES else "valid"


def answers(papers, moment):
    """By state: what is said about the token, about number and surname, and with which status the page comes."""
    with time_machine.travel(MOMENTS[moment], tick=False):
        found = {}
        for name, (token, number, surname) in papers.items():
            page = Client().get(f"/v/{token}/?lang=en")
            posted = Client().post("/verify/?lang=en", {"number": number, "surname": surname})
            found[name] = (str(check(token).status), str(look_up(number, surname).status))
            codes = tuple(CODES.get(status, 200) for status in found[name])
            assert (page.status_code, posted.status_code if posted.status_code != 422 else codes[1]) == codes
        return found


def truth(papers, moment):
    return {name: (right(name, moment),) * 2 for name in papers}


def unknown(papers):
    """Nothing can be said; only of what is no token and no number it is known already that there is none."""
    return dict.fromkeys([name for name in papers if name != "malformed"], ("unavailable",) * 2)


def check_all(papers, *, can_be_checked):
    for moment in MOMENTS:
        said = answers(papers, moment)
        if can_be_checked:
            assert said == truth(papers, moment), moment
        else:
            assert set(said.pop("malformed")) <= {"unavailable", "not_found"}
            assert said == unknown(papers), moment


# --- The faults -------------------------------------------------------------------------------------


@contextmanager
def connected(**changes):
    """The database is reached otherwise, over a connection of its own."""
    kept = {name: connection.settings_dict[name] for name in changes}
    connection.close()
    connection.settings_dict.update(changes)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def options(text):
    return {"OPTIONS": connection.settings_dict["OPTIONS"] | {"options": text}}


@contextmanager
def down():
    away = {"HOST": "127.0.0.1", "PORT": free_port()} if POSTGRESQL else {"NAME": "/nowhere/course.sqlite3"}
    with connected(**away):
        yield


@contextmanager
def read_only():
    if POSTGRESQL:
        how = options("-c default_transaction_read_only=on")
    else:
        how = {"NAME": f"file:{connection.settings_dict['NAME']}?mode=ro"}
    with connected(**how):
        with pytest.raises(Exception, match=r"read-only|readonly"), connection.cursor() as cursor:
            cursor.execute("UPDATE core_counter SET value = 0")
        yield


@contextmanager
def slow():
    """Somebody holds the table, as a migration does; statements end as `course_admin.wsgi` has them end."""
    other = psycopg2.connect(**psycopg_parameters())
    other.cursor().execute("LOCK TABLE certificates_document, certificates_journalentry IN ACCESS EXCLUSIVE MODE")
    try:
        with connected(**options("-c statement_timeout=50")):
            yield
    finally:
        other.close()


def psycopg_parameters():
    known = connection.settings_dict
    return {
        "dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"],
        "host": known["HOST"], "port": known["PORT"],
    }  # fmt: skip


@contextmanager
def written_to():
    """A long write by somebody else; who reads does not wait for it."""
    other = connection.copy()
    try:
        other.cursor().execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


@contextmanager
def renamed(old, new):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME {new[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old if 'COLUMN' in new[0] else new[1]} RENAME {new[2]}")


@contextmanager
def session_lost():
    if POSTGRESQL:
        connection.ensure_connection()
        ours, other = connection.connection.info.backend_pid, connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
        other.close()
    yield


def without_column():
    return renamed("certificates_document", ("COLUMN facts TO facts_old", "", "COLUMN facts_old TO facts"))


def without_table():
    away = "certificates_document_away"
    return renamed("certificates_document", (f"TO {away}", away, "TO certificates_document"))


CANNOT = {"down": down, "half migrated: a column is missing": without_column, "half migrated: a table": without_table}
CAN = {"read-only": read_only, "session lost": session_lost}
if POSTGRESQL:
    CANNOT["slow: locked"] = slow
else:
    CAN["slow: being written to"] = written_to


@pytest.mark.parametrize("fault", CAN)
def test_fault_that_leaves_the_register_readable_changes_no_answer(papers, fault):
    with CAN[fault]():
        check_all(papers, can_be_checked=True)
    check_all(papers, can_be_checked=True)


@pytest.mark.parametrize("fault", CANNOT)
def test_fault_of_the_register_is_told_as_such_and_passes(papers, fault):
    with CANNOT[fault]():
        check_all(papers, can_be_checked=False)
    check_all(papers, can_be_checked=True)


def test_facts_of_an_older_kind_cannot_be_checked(papers, tamper):
    tamper("UPDATE certificates_document SET facts = '{}'")
    for name, said in answers(papers, "the day after the issue").items():
        assert said == (("not_found",) if name in ("absent", "malformed") else ("unavailable",)) * 2, name


# --- Restored from a backup -------------------------------------------------------------------------


@pytest.fixture
def restored(papers, tamper):  # type: ignore[no-untyped-def]
    """The database as it was before the last three were issued, and before anything was revoked or replaced."""
    lost = [papers[name][0] for name in ("being made", "statement", "successor")]
    marks = ", ".join(["%s"] * len(lost))
    tamper("UPDATE certificates_document SET replaces_id = NULL")
    tamper(f"DELETE FROM certificates_document WHERE token IN ({marks})", *lost)
    tamper(f"DELETE FROM certificates_journalentry WHERE token IN ({marks}) OR event <> 'issued'", *lost)
    tamper("UPDATE certificates_document SET state = 'ready', revoked_on = NULL, revocation_reason = ''")
    assert Document.objects.count() == 3
    return papers


def test_database_that_is_older_than_the_journal_says_nothing_before_it_is_replayed(restored):
    for moment in MOMENTS:
        said = answers(restored, moment)
        assert set(said.pop("malformed")) <= {"unavailable", "not_found"}
        assert said == unknown(restored)


def test_replayed_database_answers_as_before(restored):
    replay()
    check_all(restored, can_be_checked=True)


def test_journal_that_cannot_be_read_leaves_the_word_to_the_database(papers, settings, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"no line\n")
    for place in (broken, tmp_path, tmp_path / "none" / "x.jsonl"):
        settings.JOURNAL_FILE = str(place)
        check_all(papers, can_be_checked=True)


# --- All else is down -------------------------------------------------------------------------------


def test_queue_worker_and_mail_are_not_needed(papers):
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    down = {
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}},
        "CELERY_BROKER_URL": nobody,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_PORT": free_port(),
    }
    assert Client().get("/readyz").status_code == 503
    with override_settings(**down), read_only():
        check_all(papers, can_be_checked=True)


if POSTGRESQL:  # SQLite's readers wait for nobody

    def test_web_process_lets_no_statement_wait_for_ever():
        code = (
            "import course_admin.wsgi; from django.db import connection; cursor = connection.cursor();"
            "cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])"
        )
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=django_settings.BASE_DIR, env=os.environ | {"STATEMENT_SECONDS": "7"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert told.stdout.split() == ["7s"]
