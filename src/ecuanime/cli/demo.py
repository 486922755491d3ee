"""Fill an empty installation with a realistic firm to try, or take it away again with --remove.

Only where no firm is set up yet. Everything is invented, nothing is ever sent, and what it issues bears the mark of
the demo. --scale N makes N times the tickets, clients and time, for measuring: what goes beyond the first is copied
row by row, without history in the audit trail (see ecuanime.demo.bulk).
"""

import argparse
import sys

from ecuanime.cli.database import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`[--scale N] [--remove]`."""
    parser.add_argument(
        "--scale", type=int, default=1, metavar="N", help="N times as much (25: 10,000 tickets)"
    )
    parser.add_argument("--remove", action="store_true", help="remove the demo firm with all it holds")


def run(arguments: argparse.Namespace) -> int:
    """0 when done, 1 when refused: then nothing was changed."""
    if not 1 <= arguments.scale <= 1000:
        print("ecuanime: --scale is a number from 1 to 1000", file=sys.stderr)
        return 1
    with database():
        from django.utils import translation

        from ecuanime.foundation.errors import Refused

        with translation.override("en"):
            try:
                return _remove() if arguments.remove else _fill(arguments.scale)
            except Refused as refusal:
                print(f"ecuanime: {refusal}", file=sys.stderr)
                return 1


def _fill(scale: int) -> int:
    """Progress on stderr where somebody watches it, then who can sign in."""
    from ecuanime.cli.prepare import migrate
    from ecuanime.demo.actions import fill_demo
    from ecuanime.demo.queries import PASSWORD, demo_accounts
    from ecuanime.foundation.clock import read_clock

    migrate()
    fill_demo(now=read_clock(), scale=scale, told=_bar)
    print(file=sys.stderr)
    print(f"The demo is ready. Everybody's password: {PASSWORD}")
    for account in demo_accounts():
        print(f"  {account.email:36} {account.name}, {account.what}")
    return 0


def _remove() -> int:
    """The path of the new set-up page goes to stdout."""
    from django.conf import settings

    from ecuanime.demo.removal import remove_demo

    path = remove_demo()
    print("The demo is removed. Set the real firm up at:")
    print(f"{settings.ECUANIME_URL}{path}")
    return 0


def _bar(percent: int) -> None:
    if not sys.stderr.isatty():
        return
    done = 30 * percent // 100
    print(f"\r{'█' * done}{'·' * (30 - done)} {percent} %", end="", file=sys.stderr, flush=True)
