"""Taking the demo away: every row and file of it, back to where the set-up begins."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from ecuanime.accounts.setup import setup_link
from ecuanime.foundation import files
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import forget_waiting_jobs
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.queries import current_firm

LEFT_ALONE = {"contenttypes", "auth", "procrastinate"}
"""Apps whose tables hold nothing of the firm."""


def remove_demo() -> str:
    """Empty every table and delete every stored file of a demo firm; returns the path of a new set-up page.

    Everybody is signed out. Refused: `no_demo` for any other firm, `busy` when other work holds the tables for long:
    nothing is removed then.
    """
    digests = _empty_tables()
    for digest in digests:
        files.path_of(digest).unlink(missing_ok=True)
    cache.clear()
    return setup_link() or ""


@transaction.atomic
def _empty_tables() -> list[str]:
    firm = current_firm()
    if firm is None or not firm.is_demo:
        raise Refused("no_demo", _("This is no demo firm, so nothing was removed."))
    digests = list(StoredFile.objects.values_list("sha256", flat=True))
    try:
        with transaction.atomic():
            _truncate(_tables())
    except OperationalError as error:
        raise Refused(
            "busy", _("Something else is at work on the demo. Nothing was removed; try again in a minute.")
        ) from error
    forget_waiting_jobs()
    return digests


def _tables() -> list[str]:
    """Every table of the house and of its libraries that holds rows of a firm."""
    models = apps.get_models(include_auto_created=True)
    kept = {model._meta.db_table for model in models if model._meta.app_label not in LEFT_ALONE}
    return sorted(kept & set(connection.introspection.table_names()))


def _truncate(tables: Sequence[str]) -> None:
    """Empty them together, ids beginning anew; the guards against deleting a single row do not stand in the way."""
    listed = sql.SQL(", ").join(sql.Identifier(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '15s'")
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(listed))
