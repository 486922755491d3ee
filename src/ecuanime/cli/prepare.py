"""Bring the database up to date. While there is no administrator, the path of the set-up page is printed.

Safe to run at any time and by several at once: one after the other, and the second finds nothing to do.
"""

import argparse
import sys

from ecuanime.cli.database import database

MIGRATION_LOCK = 0x6563_7561  # "ecua": any number that nothing else in this database uses


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Progress goes to stderr; stdout carries the path of the set-up page and nothing else."""
    with database():
        migrate()
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
