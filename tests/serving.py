"""Services of others that a test plays on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Thread
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """What a service says."""

    status: int
    body: bytes = b""
    media_type: str = "text/plain"


Answering = Callable[[BaseHTTPRequestHandler, bytes], Reply | None]
"""What is said to a request with its content; None hangs up."""


@contextmanager
def served(answering: Answering, *, tls: SSLContext | None = None) -> Iterator[int]:
    """The free port of this machine at which it answers until the block ends.

    It looks for that end often: usually each test would wait for half a second.
    """
    server = _Server(answering)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up, or shows no certificate, is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        answer = self.server.answering(self, content)
        if answer is None:
            self.connection.close()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is its own."""
