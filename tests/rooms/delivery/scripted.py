"""An SMTP server that fails where it is told to: at each step another answer, silence, or one byte at a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

DROPS = "drops"
DRIBBLES = "dribbles"
USUAL = {"CONNECT": "220 here", "DATA": "354 go on", "QUIT": "221 bye"}
DRIBBLED_BYTES = 60
PAUSE = 0.05


@dataclass
class Scripted:
    """`answers` by step: CONNECT, EHLO, HELO, MAIL, RCPT, DATA and "." for the content; what is left out goes well.

    `taken` are the contents received up to their final dot, whatever was said of them. `finished` is set when a
    dribbled answer went out whole.
    """

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    finished: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        """Talk to whoever comes, one after another, until the port is closed."""
        with suppress(OSError):
            while True:
                near, _address = listening.accept()
                with near, suppress(OSError):
                    self._converse(near)

    def _converse(self, near: socket.socket) -> None:
        lines = near.makefile("rb")
        going = self._says(near, "CONNECT")
        while going and (line := lines.readline()):
            step = line[:4].decode().strip().upper()
            going = self._says(near, step) and step != "QUIT"
            if going and step == "DATA" and "DATA" not in self.answers:
                self.taken.append(b"".join(iter(lines.readline, b".\r\n")))
                going = self._says(near, ".")

    def _says(self, near: socket.socket, step: str) -> bool:
        """Answer; whether the conversation goes on."""
        answer = self.answers.get(step, USUAL.get(step, "250 fine"))
        if answer == DROPS:
            return False
        if answer == DRIBBLES:
            return self._dribble(near)
        near.sendall(f"{answer}\r\n".encode())
        return True

    def _dribble(self, near: socket.socket) -> bool:
        for _ in range(DRIBBLED_BYTES):
            near.sendall(b"2")
            threading.Event().wait(PAUSE)
        self.finished.set()
        return False


@contextmanager
def scripted(**answers: str) -> Iterator[Scripted]:
    """A server on a free port of loopback."""
    server = Scripted(answers=dict(answers))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        threading.Thread(target=server.serve, args=(listening,), daemon=True).start()
        yield server
