"""Run a Django management command, as in `ecuanime manage createsuperuser`."""

import argparse

from ecuanime.cli.database import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` is Django's."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the command and its arguments")


def run(arguments: argparse.Namespace) -> int:
    """Hands over to Django; its errors end the process with its own exit codes."""
    with database():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["ecuanime manage", *arguments.arguments])
    return 0
