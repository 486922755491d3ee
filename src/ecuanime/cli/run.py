"""Serve the product: the database, the web, and the worker with its scheduler, until Ctrl-C."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from ecuanime.cli.database import server
from ecuanime.cli.supervision import Child, Supervisor, say
from ecuanime.cli.web import listening_socket
from ecuanime.foundation import environment
from ecuanime.foundation.embedded import Hold
from ecuanime.foundation.environment import ConfigurationError

COMMAND = [sys.executable, "-m", "ecuanime.cli"]
DATABASE_CHECK_SECONDS = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: what can be set is in docs/how-to/configuration.md."""


def run(arguments: argparse.Namespace) -> int:
    """One supervising process holds the database and the web's socket, starts the rest and restarts crashes."""
    with listening_socket() as listening:
        supervisor = Supervisor(_children(listening.fileno()))
        supervisor.listen_to_signals()
        with server() as hold:
            done = _prepare()
            if supervisor.stopping:
                return 130
            if done.returncode:
                raise ConfigurationError(
                    "The database could not be brought up to date: the reason stands above."
                )
            announce, watch = Announcement(done.stdout.strip()), _database_watch(hold)

            def each_tick() -> None:
                announce.when_it_answers()
                watch()

            supervisor.run(each_tick=each_tick)
    say("stopped")
    return 0


def _children(listening: int) -> list[Child]:
    command = [*COMMAND, "web", "--socket", str(listening)]
    webs = [
        Child(f"web {number}", command, sockets=[listening])
        for number in range(1, environment.web_workers() + 1)
    ]
    return [*webs, Child("worker", [*COMMAND, "worker"])]


class Announcement:
    """Tells the address, once the web answers there."""

    def __init__(self, setup_link: str) -> None:
        self.setup_link = setup_link
        self.made = False

    def when_it_answers(self) -> None:
        """Cheap to call often; says it once."""
        if self.made or not self._answers():
            return
        self.made = True
        address = environment.public_url()
        print(f"\nEcuánime is running at {address}/")
        if self.setup_link:
            print("There is no administrator yet. This link sets one up, once; keep it to yourself:")
            print(f"  {address}{self.setup_link}")
        print("Ctrl-C stops it.\n", flush=True)

    @staticmethod
    def _answers() -> bool:
        listen = environment.listen_address()
        reachable = "127.0.0.1" if listen == "0.0.0.0" else listen  # noqa: S104 - compared, not bound
        connection = HTTPConnection(reachable, environment.port(), timeout=1)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            connection.getresponse()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return True


def _prepare() -> "subprocess.CompletedProcess[str]":
    """Brings the database up to date, in a process that then gives its memory back; says the set-up path."""
    return subprocess.run([*COMMAND, "prepare"], stdout=subprocess.PIPE, text=True, check=False)


def _database_watch(hold: Hold | None) -> Callable[[], None]:
    """Starts the embedded database again should even its keeper have been killed."""
    next_look = time.monotonic()

    def look() -> None:
        nonlocal next_look
        if hold is None or time.monotonic() < next_look:
            return
        next_look = time.monotonic() + DATABASE_CHECK_SECONDS
        try:
            hold.ensure()
        except ConfigurationError as error:
            say(str(error))

    return look
