"""Serve the product: the database, the web, and the worker with its scheduler, until Ctrl-C."""

import argparse
import errno
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from ecuanime.cli.database import server
from ecuanime.cli.supervision import Child, Supervisor, say
from ecuanime.foundation import environment
from ecuanime.foundation.embedded import Hold
from ecuanime.foundation.environment import ConfigurationError

COMMAND = [sys.executable, "-m", "ecuanime.cli"]
DATABASE_CHECK_SECONDS = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: what can be set is in docs/how-to/configuration.md."""


def run(arguments: argparse.Namespace) -> int:
    """One supervising process: it holds the database, starts the rest and starts again what crashes."""
    supervisor = Supervisor([Child("web", [*COMMAND, "web"]), Child("worker", [*COMMAND, "worker"])])
    supervisor.listen_to_signals()
    _check_port(environment.listen_address(), environment.port())
    with server() as hold:
        link = _prepare()
        if supervisor.stopping:
            return 0
        announce = Announcement(link)
        watch = _database_watch(hold)

        def each_tick() -> None:
            announce.when_it_answers()
            watch()

        supervisor.run(each_tick=each_tick)
        say("stopped")
    return 0


class Announcement:
    """Tells the address, once the web answers there."""

    def __init__(self, setup_link: str) -> None:
        self.setup_link = setup_link
        self.made = False

    def when_it_answers(self) -> None:
        """Cheap to call often; says it once."""
        if self.made:
            return
        address = environment.listen_address()
        reachable = "127.0.0.1" if address == "0.0.0.0" else address  # noqa: S104 - compared, not bound
        try:
            socket.create_connection((reachable, environment.port()), timeout=1).close()
        except OSError:
            return
        self.made = True
        print(f"\nEcuánime is running at {environment.public_url()}/", flush=True)
        if self.setup_link:
            print("There is no administrator yet. This link sets one up, once; keep it to yourself:")
            print(f"  {environment.public_url()}{self.setup_link}", flush=True)
        print("Ctrl-C stops it.\n", flush=True)


def _check_port(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"Port {port} is taken by another program: stop that one, or choose a port, as in "
                f"ECUANIME_PORT={port + 1 if port < 65535 else 8000} make run."
            ) from error
        raise ConfigurationError(
            f"Cannot listen on {address} port {port}: {error.strerror}. Correct ECUANIME_LISTEN or ECUANIME_PORT."
        ) from error


def _prepare() -> str:
    """Brings the database up to date in a process that then gives its memory back; returns the set-up path."""
    done = subprocess.run([*COMMAND, "prepare"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ConfigurationError("The database could not be brought up to date: the reason stands above.")
    return done.stdout.strip()


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
