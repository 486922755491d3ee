"""Run background jobs and the scheduler of periodic jobs, until SIGTERM or Ctrl-C."""

import argparse

from ecuanime.cli.database import database
from ecuanime.foundation import environment
from ecuanime.foundation.processes import end_with_parent

GRACE_SECONDS = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: what can be set is in docs/how-to/configuration.md."""


def run(arguments: argparse.Namespace) -> int:
    """Jobs under way get some seconds to end when the worker is told to stop; those cut off are run again."""
    end_with_parent()
    with database():
        from django.core.management import call_command

        from ecuanime.channels.email.idle import watching

        with watching():
            call_command(
                "procrastinate",
                "worker",
                concurrency=environment.worker_concurrency(),
                shutdown_graceful_timeout=GRACE_SECONDS,
            )
    return 0
