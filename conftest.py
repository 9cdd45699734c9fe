"""The fixed cast: one edition, two cohorts, and the six kinds of people who may knock at a page."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations as SqliteOperations
from django.utils import translation

from core.throttle import misses
from enrollment.models import CohortState, Signatory
from tests import factories

pytest_plugins = ["tests.browser"]

_sqlite_flush = SqliteOperations.sql_flush


def _flush_without_triggers(self, style, tables, **kwargs):  # type: ignore[no-untyped-def]
    """SQLite empties tables with DELETE, which our triggers forbid: set them aside while a test is cleared away."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [
        *(f'DROP TRIGGER "{name}"' for name, _ in triggers),
        *_sqlite_flush(self, style, tables, **kwargs),
        *(sql for _, sql in triggers),
    ]


SqliteOperations.sql_flush = _flush_without_triggers  # type: ignore[method-assign]


@pytest.fixture
def threads() -> int:
    """How many act at once; SQLite has one writer at a time, so fewer prove the same there."""
    return 32 if connection.vendor == "postgresql" else 8


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    """SQLite is a file in tests as in service (in memory it locks otherwise), only that nobody waits for the disk."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "course.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True)
def _in_kazakh() -> None:
    """No test inherits the language in which another one asked for a page."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _places_of_its_own(settings, tmp_path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Every test writes files and mail into a folder of its own and starts with an empty cache."""
    settings.JOURNAL_FILE = str(tmp_path / "journal.jsonl")
    settings.CHECKS_FOLDER = str(tmp_path / "checks")
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    misses.forget()
    yield
    cache.clear()


@pytest.fixture
def _within_one_minute() -> Iterator[None]:
    """The clock stands still, so that what is counted by the clock minute is counted in one."""
    with time_machine.travel("2026-10-05T10:00:05+05:00", tick=False):
        yield


@pytest.fixture
def tamper(db) -> Callable[..., None]:  # type: ignore[no-untyped-def]
    """`tamper(sql)`: past the triggers, as a damaged disk or a stranger with the database's password would."""

    def do(sql: str, *parameters: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
                cursor.execute(sql, parameters)
                cursor.execute("SET session_replication_role = DEFAULT")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(sql, parameters)
            for _, made in triggers:
                cursor.execute(made)

    return do


@pytest.fixture
def edition(db):  # type: ignore[no-untyped-def]
    return factories.make_edition()


@pytest.fixture
def administrator(db):  # type: ignore[no-untyped-def]
    return factories.UserFactory(email="administrator@example.kz", full_name="Әкімшіева Айша", is_administrator=True)


@pytest.fixture
def trainer(db):  # type: ignore[no-untyped-def]
    return factories.UserFactory(email="trainer@example.kz", full_name="Тренеров Талғат", is_trainer=True)


@pytest.fixture
def other_trainer(db):  # type: ignore[no-untyped-def]
    return factories.UserFactory(email="other.trainer@example.kz", full_name="Басқаев Берік", is_trainer=True)


@pytest.fixture
def cohort(edition, trainer):  # type: ignore[no-untyped-def]
    """Of `trainer`, in assessment."""
    return factories.make_cohort(edition=edition, trainers=[trainer], state=CohortState.ASSESSING)


@pytest.fixture
def other_cohort(edition, other_trainer):  # type: ignore[no-untyped-def]
    return factories.make_cohort(
        edition=edition, trainers=[other_trainer], state=CohortState.ASSESSING, code="K-2026-2"
    )


@pytest.fixture
def listener(cohort):  # type: ignore[no-untyped-def]
    """A listener of `cohort` who can sign in (`listener.user`); the enrolment is `listener.enrolments.get()`."""
    user = factories.UserFactory(email="listener@example.kz", full_name="Қасымова Әсел", is_listener=True)
    return factories.make_enrolment(
        cohort=cohort, user=user, surname="Қасымова", given_name="Әсел", patronymic="Серікқызы", email=user.email
    ).listener


@pytest.fixture
def other_listener(other_cohort):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(email="other.listener@example.kz", full_name="Өтегенов Ерлан", is_listener=True)
    return factories.make_enrolment(
        cohort=other_cohort, user=user, surname="Өтегенов", given_name="Ерлан", patronymic="", email=user.email
    ).listener


@pytest.fixture
def signatory(db):  # type: ignore[no-untyped-def]
    """The head; the one who signed the orders of the cast, if it is there already."""
    return Signatory.objects.first() or factories.make_signatory()


@pytest.fixture
def sign_in(client):  # type: ignore[no-untyped-def]
    """`sign_in(user)` gives a client of that person, in Kazakh unless `language` says otherwise."""

    def do(user, language="kk"):  # type: ignore[no-untyped-def]
        client.force_login(user)
        client.cookies["language"] = language
        return client

    return do


@pytest.fixture
def count_queries(django_assert_num_queries):  # type: ignore[no-untyped-def]
    """SQL statements that a block runs: `with count_queries() as seen: …; seen.count`."""
    from contextlib import contextmanager

    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def counter():  # type: ignore[no-untyped-def]
        seen = SimpleNamespace(count=0, statements=[])
        # Django remembers these in the process; without them a count would depend on which test came before.
        ContentType.objects.get_for_models(*apps.get_models())
        with CaptureQueriesContext(connection) as context:
            yield seen
        seen.statements = [q["sql"] for q in context.captured_queries]
        seen.count = len(seen.statements)

    return counter


@pytest.fixture
def lose_connection():  # type: ignore[no-untyped-def]
    """`lose_connection()`: the server ends our session, as when it is restarted. SQLite has no server to lose."""

    def do():  # type: ignore[no-untyped-def]
        if connection.vendor == "postgresql":
            ours = connection.connection.info.backend_pid
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
            other.close()

    return do
