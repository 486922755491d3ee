"""Serve the web alone, with one process, until SIGTERM or Ctrl-C. Why waitress: docs/decisions/0003-web-server.md."""

import argparse
import errno
import logging
import signal
import socket
import sys
import time
from types import FrameType

from ecuanime.cli.database import database
from ecuanime.foundation import environment
from ecuanime.foundation.environment import ConfigurationError
from ecuanime.foundation.processes import end_with_parent

CONNECTIONS = 1000  # each process; beyond that, new ones wait in the backlog
IDLE_SECONDS = 60
HEADER_BYTES = 64 * 1024
BACKLOG = 1024
RELEASE_SECONDS = 3  # a process that was killed a moment ago may still hold the port


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be set is in docs/how-to/configuration.md."""
    parser.add_argument(
        "--socket",
        type=int,
        metavar="FD",
        help="serve an inherited listening socket, as `ecuanime run` gives its web processes",
    )


def run(arguments: argparse.Namespace) -> int:
    """Blocks until told to stop; requests under way are answered first."""
    signal.signal(signal.SIGTERM, _stop)
    inherited = arguments.socket is not None
    if inherited:
        end_with_parent()
    listening = socket.socket(fileno=arguments.socket) if inherited else listening_socket()
    with database():
        listening.listen(BACKLOG)
        _serve(listening)
    return 0


def listening_socket() -> socket.socket:
    """The bound socket of the web server. Raises `ConfigurationError` with the remedy when it can't be had."""
    address, port = environment.listen_address(), environment.port()
    patience = time.monotonic() + RELEASE_SECONDS
    while True:
        try:
            return _bound(address, port)
        except OSError as error:
            is_taken = error.errno == errno.EADDRINUSE
            if is_taken and time.monotonic() < patience:
                time.sleep(0.1)
                continue
            other = port + 1 if port < 65535 else 8000
            raise ConfigurationError(
                f"Port {port} is taken by another program: stop that one, or choose another port, as in "
                f"ECUANIME_PORT={other} make run."
                if is_taken
                else f"Cannot listen on {address} port {port}: {error.strerror}. "
                "Correct ECUANIME_LISTEN or ECUANIME_PORT."
            ) from error


def _bound(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _serve(listening: socket.socket) -> None:
    """Requests and answers are buffered beside the threads, so that a slow client never holds one."""
    from waitress.server import BaseWSGIServer, create_server

    from ecuanime.config.wsgi import application

    from ecuanime.cli.too_large import Channel  # isort: skip  # it knows the product, which `application` sets up

    logging.getLogger("waitress").setLevel(logging.ERROR)  # it would warn whenever a request waits its turn
    server = create_server(
        application,
        sockets=[listening],
        threads=environment.web_threads(),
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=environment.max_upload_bytes(),
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=environment.trusted_proxies() == 0,
        url_scheme="https" if environment.served_over_https() else "http",
        ident=None,
    )
    assert isinstance(server, BaseWSGIServer)  # one socket, one server
    server.channel_class = Channel
    server.run()


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
