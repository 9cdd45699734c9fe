"""Database triggers that refuse changes to what issued documents rest on (I10), for SQLite and PostgreSQL alike.

Used in migrations: `operations = [forbid(...)]`. The rule then holds for the admin panel, a shell and a slip of code.
"""

from collections.abc import Sequence

from django.db import migrations

MESSAGE = "frozen: an issued document or a closed decision rests on this row"


def _sqlite(name: str, table: str, verb: str, columns: Sequence[str], when: str, holding: str) -> str:
    of = " OF " + ", ".join(f'"{c}"' for c in columns) if verb == "UPDATE" and columns else ""
    return (
        f'CREATE TRIGGER "{name}" BEFORE {verb}{of} ON "{table}" FOR EACH ROW WHEN {when} '
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def _postgresql(name: str, table: str, verb: str, columns: Sequence[str], when: str, holding: str) -> str:
    of = " OF " + ", ".join(f'"{c}"' for c in columns) if verb == "UPDATE" and columns else ""
    result = "OLD" if verb == "DELETE" else "NEW"
    hold = f"PERFORM 1 FROM {holding} FOR KEY SHARE; " if holding else ""
    return (
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {hold}IF {when} THEN '
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {result}; END $$; "
        f'CREATE TRIGGER "{name}" BEFORE {verb}{of} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'
    )


def forbid(
    name: str, table: str, verb: str, *, columns: Sequence[str] = (), when: str = "1 = 1", holding: str = ""
) -> migrations.RunPython:
    """A migration operation: refuse `verb` (UPDATE, DELETE or INSERT) on `table` when the SQL condition `when` holds.

    `columns` limits an UPDATE trigger to statements that name them. `when` may use OLD, NEW and EXISTS (SELECT …);
    it must be valid on both databases. `holding` ('"table" WHERE …') names rows that PostgreSQL holds before it judges,
    so that it waits for whoever has locked them; SQLite has one writer at a time. The refusal reaches Django as
    `IntegrityError` (PostgreSQL, SQLite).
    """

    def create(apps, schema_editor):  # type: ignore[no-untyped-def]
        maker = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
        schema_editor.execute(maker(name, table, verb, columns, when, holding), params=None)

    def drop(apps, schema_editor):  # type: ignore[no-untyped-def]
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f'DROP TRIGGER "{name}"')
        else:
            schema_editor.execute(f'DROP TRIGGER "{name}" ON "{table}"; DROP FUNCTION "{name}"()')

    return migrations.RunPython(create, drop)
