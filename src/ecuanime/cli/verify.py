"""Prove that hours, invoices, stored files and the audit trail agree with themselves. Changes nothing."""

import argparse

from ecuanime.cli.database import database

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    """A line for each check and its first faults; 0 when there are none, else 1."""
    faulty = 0
    with database():
        from ecuanime.records.verify import CHECKS

        for check in CHECKS:
            found = list(check.faults())
            faulty += len(found)
            print(f"{'ok ' if not found else 'BAD'} {check.name}{f': {len(found)} faults' if found else ''}")
            for fault in found[:SHOWN]:
                print(f"    {fault}")
    return 1 if faulty else 0
