"""Emptying the database after a test that has really committed.

Django truncates every table of its models and writes content types and permissions anew, which takes longer than most
tests, and leaves the job queue as it is: a table of a few rows is emptied sooner by deleting them, most hold none, and
those that the migrations fill are left as they are. Guards and foreign keys are not asked meanwhile: every table is
empty at the end. That needs a superuser, which the tests' own database always has; on a server where they are none,
Django's way is taken.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase

_emptied_by_django = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def empty_quickly() -> None:
    """Let every test that commits be followed by this emptying."""
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]


def _emptied(case: Any) -> None:
    if _is_superuser() and ContentType.objects.exists():  # a test may have emptied all tables itself
        empty()
    else:
        _emptied_by_django(case)
        _empty_queue()


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone() == ("on",))


def _empty_queue() -> None:
    """Forget every job: the queue's tables are no managed models, so Django leaves them as they are."""
    names = ", ".join(each for each in _tables() if "procrastinate_" in each)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


def empty() -> None:
    """Delete every row of every table, but for what the migrations have written of the models themselves."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT FROM {each})" for each in _tables())
        )
        deletions = [f"DELETE FROM {table}" for (table,) in cursor.fetchall()]
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *deletions]))


@cache
def _tables() -> tuple[str, ...]:
    kept = {ContentType._meta.db_table, Permission._meta.db_table, MigrationRecorder.Migration._meta.db_table}
    found = set(connection.introspection.table_names()) - kept
    return tuple(sorted(connection.ops.quote_name(each) for each in found))
