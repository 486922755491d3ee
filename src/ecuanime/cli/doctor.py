"""Look at settings, database, disk, clock, worker and mailboxes, and say in words what is well and what to do."""

import argparse

from ecuanime.cli.database import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """0 when all is well, else 1."""
    unwell = 0
    with database():
        from django.utils import translation

        from ecuanime.foundation.clock import read_clock
        from ecuanime.records.doctor import examine

        heading = ""
        with translation.override("en"):
            for group, finding in examine(read_clock()):
                if group != heading:
                    heading = group
                    print(heading)
                print(f"  {'ok ' if finding.well else '!! '} {finding.text}")
                unwell += not finding.well
    print("All is well." if not unwell else f"{unwell} things need a look.")
    return 1 if unwell else 0
