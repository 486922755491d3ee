"""Print the versions that a report of a fault should name."""

import argparse
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import ecuanime
from ecuanime.foundation import embedded, environment

PARTS = ("Django", "psycopg", "procrastinate", "waitress", "typst")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """Needs no database: it must work when nothing else does."""
    print(f"Ecuánime {ecuanime.__version__}")
    print(f"Python {platform.python_version()} on {platform.platform()} ({sys.executable})")
    own = environment.own_database_url() is not None
    print("PostgreSQL of the firm (DATABASE_URL)" if own else f"PostgreSQL {embedded.VERSION}, embedded")
    for part in PARTS:
        try:
            print(part, version(part))
        except PackageNotFoundError:
            print(part, "is missing")
    return 0
