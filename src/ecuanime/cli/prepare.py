"""Bring database and static files up to date. While there is no administrator, prints the set-up page's path.

Safe to run at any time and by several at once: one after the other, and the second finds nothing to do.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from ecuanime.cli.database import database

MIGRATION_LOCK = 0x6563_7561  # "ecua": any number that nothing else in this database uses


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Progress goes to stderr; stdout carries the path of the set-up page and nothing else."""
    with database():
        migrate()
        collect_static_files()
        from ecuanime.accounts.setup import setup_link

        link = setup_link()
        if link:
            print(link)
    return 0


def migrate() -> None:
    """Applies the migrations that the database lacks, while no other process does so."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            print(f"Bringing the database up to date: {len(plan)} steps", file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static_files() -> None:
    """Puts scripts, styles and fonts where the web serves them under names with their hash, if any has changed."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = _static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def _static_digest() -> str:
    """One hash over name, size and time of every static file of the program."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list(()), key=lambda found: found[0]):
            known = os.stat(storage.path(name))
            digest.update(f"{name} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()
