"""Serve the web alone, until SIGTERM or Ctrl-C. Why granian: docs/decisions/0003-web-server.md."""

import argparse
from collections.abc import Callable
from typing import Any

from ecuanime.cli.database import server, set_up_django
from ecuanime.foundation import environment
from ecuanime.foundation.processes import end_with_parent

APPLICATION = "ecuanime.config.wsgi:application"
HEADER_SECONDS = 10
HEADER_BYTES = 64 * 1024
KILL_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: what can be set is in docs/how-to/configuration.md."""


def run(arguments: argparse.Namespace) -> int:
    """Blocks until told to stop; requests under way are answered first."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    end_with_parent()
    with server():
        Server(
            APPLICATION,
            address=environment.listen_address(),
            port=environment.port(),
            interface=Interfaces.WSGI,
            workers=environment.web_workers(),
            blocking_threads=environment.web_threads(),
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES
            ),
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_SECONDS,
            log_level=LogLevels.warning,
        ).serve(target_loader=load_application, wrap_loader=False)
    return 0


def load_application() -> Callable[..., Any]:
    """The WSGI application, loaded in a worker process, which then ends when the server process does."""
    end_with_parent()
    set_up_django()
    from ecuanime.config.wsgi import application

    return application
