"""A row in one round trip: nothing is asked before it, it is planned once, and every break is got over."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from core.models import Counter
from core.quick import find_row

SQL = 'SELECT "value" FROM "core_counter" WHERE "series" = %s'
POSTGRESQL = connection.vendor == "postgresql"
PREPARED = ["EXECUTE"] if POSTGRESQL else ["SELECT"]


@pytest.fixture
def series(transactional_db):  # type: ignore[no-untyped-def]
    """`a` has the value 3; the connection is a new one."""
    Counter.objects.create(series="a", year=2026, value=3)
    connection.close()


@pytest.fixture
def verbs(count_queries):  # type: ignore[no-untyped-def]
    """`verbs("a")`: the first words of what the database is sent to find the row, and the row."""

    def do(value):  # type: ignore[no-untyped-def]
        with count_queries() as seen:
            row = find_row(SQL, value)
        return [statement.split()[0] for statement in seen.statements], row

    return do


def test_row_is_found_by_a_statement_prepared_at_the_first_time(series, verbs):
    assert verbs("a") == (["SELECT", "PREPARE"] if POSTGRESQL else ["SELECT"], (3,))
    assert [verbs("a"), verbs("none")] == [(PREPARED, (3,)), (PREPARED, None)]


def test_prepared_statement_sees_each_change(series):
    seen = []
    for value in range(8):  # more often than PostgreSQL plans anew
        Counter.objects.update(value=value)
        seen.append(find_row(SQL, "a"))
    assert seen == [(value,) for value in range(8)]


def test_value_is_never_part_of_the_statement(series):
    for value in ("'", "a' OR '1'='1", "a'); SELECT ('3", "%s", "\\"):
        assert [find_row(SQL, value), find_row(SQL, value)] == [None, None]


def test_kept_connection_is_not_tried_out_first(series, monkeypatch):
    find_row(SQL, "a")
    tried = []
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "is_usable", lambda: tried.append(1) or True)
    connection.health_check_done = False
    assert (find_row(SQL, "a"), tried) == ((3,), [])


def test_lost_connection_is_opened_anew(series, lose_connection, verbs):
    for _ in range(2):
        find_row(SQL, "a")
    lose_connection()
    assert find_row(SQL, "a") == (3,)
    assert verbs("a") == (PREPARED, (3,))


def test_lost_connection_ends_a_transaction(series, lose_connection):
    def inside():  # type: ignore[no-untyped-def]
        with transaction.atomic():
            find_row(SQL, "a")
            lose_connection()
            return find_row(SQL, "a")

    if POSTGRESQL:
        with pytest.raises(OperationalError):
            inside()
    assert find_row(SQL, "a") == (3,)


def test_session_that_has_forgotten_the_statement_is_told_again(series, verbs):
    """A pooler gives us another session, or clears ours."""
    find_row(SQL, "a")
    if POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
    assert verbs("a") == (["EXECUTE", "SELECT"] if POSTGRESQL else ["SELECT"], (3,))
    assert verbs("a") == (["SELECT", "PREPARE"] if POSTGRESQL else ["SELECT"], (3,))
    assert verbs("a") == (PREPARED, (3,))


def test_column_that_changes_its_type_meanwhile_is_read_as_it_is(series):
    find_row(SQL, "a")
    with connection.schema_editor() as editor:
        if POSTGRESQL:
            editor.execute("ALTER TABLE core_counter ALTER COLUMN value TYPE bigint")
    try:
        assert [find_row(SQL, "a") for _ in range(3)] == [(3,)] * 3
    finally:
        with connection.schema_editor() as editor:
            if POSTGRESQL:
                editor.execute("ALTER TABLE core_counter ALTER COLUMN value TYPE integer")


def test_database_that_does_not_answer_is_an_error_until_it_does(series, monkeypatch):
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "NAME", "/nowhere/none")
        for _ in range(2):
            with pytest.raises(OperationalError):
                find_row(SQL, "a")
    assert find_row(SQL, "a") == (3,)


def test_wrong_query_is_an_error_and_costs_no_connection(series):
    find_row(SQL, "a")
    kept = connection.connection
    with pytest.raises(DatabaseError):
        find_row(SQL.replace("core_counter", "core_none"), "a")
    assert (find_row(SQL, "a"), connection.connection is kept) == ((3,), True)
