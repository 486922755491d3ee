"""Which tables a backup carries, and moving their rows with COPY on Django's own connection."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

from django.db import connection
from psycopg import sql
from psycopg.cursor import Cursor

from ecuanime.records.archive import CHUNK, HashingMember, table_member

LEFT_OUT = {
    "django_migrations",  # made anew by the migrations of the restoring product
    "django_session",  # nobody stays signed in over a restore
    "foundation_cache",
    "procrastinate_workers",
    "procrastinate_events",  # the history of jobs, not the jobs
}
LEFT_OUT_COLUMNS = {("procrastinate_jobs", "worker_id")}  # names a worker that is left out


def tables() -> list[str]:
    """Every table that a backup carries, by name."""
    return sorted(set(connection.introspection.table_names()) - LEFT_OUT)


def columns(table: str) -> list[str]:
    """A table's columns in their order, without generated ones and those left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        names = [str(row[0]) for row in cursor.fetchall()]
    return [name for name in names if (table, name) not in LEFT_OUT_COLUMNS]


def copy_out(table: str, names: Iterable[str], member: HashingMember) -> int:
    """Write a table's rows; returns how many."""
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _listed(names))
    with connection.cursor() as cursor:
        raw: Cursor = cursor.cursor
        with raw.copy(query) as rows:
            for block in rows:
                member.write(bytes(block))
        return raw.rowcount


def copy_in(table: str, names: Iterable[str], archive: zipfile.ZipFile) -> int:
    """Load a table's rows from an archive; returns how many."""
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(names))
    with connection.cursor() as cursor, archive.open(table_member(table)) as stream:
        raw: Cursor = cursor.cursor
        with raw.copy(query) as rows:
            while block := stream.read(CHUNK):
                rows.write(block)
        return raw.rowcount


def set_triggers(names: Iterable[str], *, enabled: bool) -> None:
    """Let the house's own triggers rest while rows are loaded as they were; foreign keys are still checked."""
    verb = sql.SQL("ENABLE" if enabled else "DISABLE")
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), verb))


def advance_sequences(names: Iterable[str]) -> None:
    """Let each table's ids go on after the largest one loaded."""
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(
                "SELECT column_name, pg_get_serial_sequence(quote_ident(%s), column_name) "
                "FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s",
                [table, table],
            )
            for column, sequence in [row for row in cursor.fetchall() if row[1]]:
                largest = sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM {}")
                cursor.execute(
                    largest.format(sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table))
                )


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
