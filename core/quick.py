"""A query of one row in one round trip, for the page that everybody may ask for.

Django tries a kept connection out before its first query, and PostgreSQL plans a query each time: together that takes
several times as long as finding the row.
"""

import hashlib
from contextlib import suppress
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# PostgreSQL's codes: the session does not know the statement; a column has changed its type since it was prepared.
_NOT_AS_PREPARED = ("26000", "0A000")
Row = tuple[Any, ...] | None
# What was prepared over which connection of the driver.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def find_row(sql: str, value: str) -> Row:
    """The first row of a query that reads, with one `%s`; None when there is none.

    A connection that turns out to be dead (the database was restarted) is opened anew and the query asked again.
    Raises `django.db.Error` when the database does not answer, and for a query that is wrong.
    """
    database = connections[DEFAULT_DB_ALIAS]  # once: `django.db.connection` looks for it at each attribute
    if database.in_atomic_block:  # cannot be opened anew, and an error would end the transaction
        return _run(database, sql, value)
    database.health_check_done = True  # type: ignore[attr-defined]  # the query itself is the check
    try:
        return _find(database, sql, value)
    except (OperationalError, InterfaceError):
        if database.connection is None or database.is_usable():
            raise
        database.close()
    return _find(database, sql, value)


def _find(database: BaseDatabaseWrapper, sql: str, value: str) -> Row:
    if database.vendor != "postgresql":
        return _run(database, sql, value)
    database.ensure_connection()
    known = _prepared.setdefault(database.connection, set())
    if sql not in known:
        row = _run(database, sql, value)
        with suppress(ProgrammingError):  # there already: behind a pooler, for another process of ours
            _run(database, f"PREPARE {_name(sql)} AS {sql.replace('%s', '$1')}")
        known.add(sql)
        return row
    try:
        return _run(database, f"EXECUTE {_name(sql)} (%s)", value)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) not in _NOT_AS_PREPARED:
            raise
    known.discard(sql)
    return _run(database, sql, value)


@lru_cache(maxsize=16)
def _name(sql: str) -> str:
    """Made from the text, so that it never means another query: not even after an update, behind a pooler."""
    return f"quick_{hashlib.sha256(sql.encode()).hexdigest()[:16]}"


def _run(database: BaseDatabaseWrapper, sql: str, *values: str) -> Row:
    if database.vendor != "postgresql" or database.in_atomic_block or database.queries_logged:
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone() if cursor.description else None
    # Django's cursor does nothing for this query but take a third of its time.
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if cursor.description else None
