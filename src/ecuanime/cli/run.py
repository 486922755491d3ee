"""Serve the product: the database, the web, and the worker with its scheduler, until Ctrl-C."""

import argparse
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable

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
    count = environment.worker_processes()
    names = [f"worker {number}" for number in range(1, count + 1)] if count > 1 else ["worker"]
    return [*webs, *(Child(name, [*COMMAND, "worker"]) for name in names)]


class Announcement:
    """Tells the address once the web answers there, and never waits for it."""

    def __init__(self, setup_link: str) -> None:
        self.setup_link = setup_link
        self.made = False
        self._question: socket.socket | None = None

    def when_it_answers(self) -> None:
        """Cheap to call often; says it once."""
        if self.made or not self._answered():
            return
        self.made = True
        address = environment.public_url()
        print(f"\nEcuánime is running at {address}/")
        if self.setup_link:
            print("There is no administrator yet. This link sets one up, once; keep it to yourself:")
            print(f"  {address}{self.setup_link}")
        print("Ctrl-C stops it.\n", flush=True)

    def _answered(self) -> bool:
        """Asks once and then only looks whether the answer has come; a slow start is not asked twice."""
        if self._question is None:
            self._question = _ask()
            return False
        if not select.select([self._question], [], [], 0)[0]:
            return False
        with self._question as question:
            self._question = None
            try:
                return question.recv(1) != b""
            except OSError:
                return False


def _ask() -> socket.socket | None:
    listen = environment.listen_address()
    reachable = "127.0.0.1" if listen == "0.0.0.0" else listen  # noqa: S104 - compared, not bound
    try:
        question = socket.create_connection((reachable, environment.port()), timeout=1)
        question.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    except OSError:
        return None
    return question


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
