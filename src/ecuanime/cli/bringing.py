"""Bring a CSV or XLSX file in from a former program, all of its rows or none."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ecuanime.cli.database import database
from ecuanime.foundation.environment import ConfigurationError

if TYPE_CHECKING:
    from ecuanime.accounts.models import User
    from ecuanime.imports.models import Import

NOT_BROUGHT = 1
KINDS = ("clients", "contacts", "contracts", "invoices", "time")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`KIND FILE [--dry-run] [--as ADDRESS]`."""
    parser.add_argument("kind", metavar="KIND", choices=KINDS, help=f"what it holds: {', '.join(KINDS)}")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="only say what it would do")
    parser.add_argument("--as", dest="person", metavar="ADDRESS", help="the administrator who brings it in")


def run(arguments: argparse.Namespace) -> int:
    """0 once all rows are in, or with `--dry-run` could be; 1 when a row is wrong: then nothing was written."""
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"Cannot read {arguments.file}: {error.strerror}.") from error
    with database():
        from ecuanime.foundation.clock import read_clock
        from ecuanime.foundation.errors import Refused
        from ecuanime.imports.actions import bring_now

        try:
            kept = bring_now(
                kind=arguments.kind,
                content=content,
                name=arguments.file.name,
                by=_person(arguments.person),
                now=read_clock(),
                is_rehearsal=arguments.dry_run,
            )
        except Refused as refusal:
            print(f"{arguments.file}: {refusal}")
            return NOT_BROUGHT
        return _told(kept, is_rehearsal=arguments.dry_run)


def _told(kept: "Import", *, is_rehearsal: bool) -> int:
    """Say what is wrong row by row, and how many rows there are of each outcome."""
    if kept.fault:
        print(kept.fault)
        return NOT_BROUGHT
    for row in kept.rows.filter(outcome="wrong").order_by("number"):
        print(f"row {row.number}: {row.words}")
    print(f"{kept.new} new, {kept.known} already here, {kept.wrong} wrong")
    if kept.wrong:
        print("Nothing was brought in.")
        return NOT_BROUGHT
    if is_rehearsal:
        print("Nothing was written: this was a dry run.")
    return 0


def _person(address: str | None) -> "User":
    """Whom the audit trail will name: the address given, or the only administrator there is."""
    from ecuanime.accounts.models import Role, User  # models can be named only once Django is set up

    administrators = User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    found = list((administrators.filter(email__iexact=address) if address else administrators)[:2])
    if not found:
        raise ConfigurationError(
            f"No administrator has the address {address}." if address else "No administrator."
        )
    if len(found) > 1:
        raise ConfigurationError(
            "There are several administrators: say with --as ADDRESS who brings this in."
        )
    return found[0]
