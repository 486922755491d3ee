"""Keeps child processes running: starts them, starts again what crashes, and ends all of them together.

Each child leads a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which
then ends the children in order, and so that whatever a dead child leaves behind can be ended with it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from ecuanime.foundation.processes import die_with_parent

LONGEST_PAUSE = 60.0
STEADY_SECONDS = 60.0  # who ran that long is started again at once
GRACE_SECONDS = 20.0
TICK_SECONDS = 0.25


class Child:
    """One process that must run: its name for the log, how it is started, the open sockets it inherits."""

    def __init__(self, name: str, command: Sequence[str], *, sockets: Sequence[int] = ()) -> None:
        self.name = name
        self.command = list(command)
        self.sockets = list(sockets)
        self.crashes = 0
        self.start_at = 0.0
        self._started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def look_after(self, now: float) -> None:
        """Starts it when it is time, and plans the next start when it has ended. `now` is monotonic seconds."""
        if self._process is None:
            if now >= self.start_at:
                self._start(now)
            return
        code = self._process.poll()
        if code is None:
            return
        self.kill()
        self.crashes = 1 if now - self._started_at >= STEADY_SECONDS else self.crashes + 1
        pause = 0.0 if self.crashes == 1 else min(2.0 ** (self.crashes - 2), LONGEST_PAUSE)
        self.start_at = now + pause
        self._process = None
        say(
            f"{self.name} ended with code {code}; starting it again" + (f" in {pause:.0f} s" if pause else "")
        )

    def _start(self, now: float) -> None:
        self._started_at = now
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            pass_fds=self.sockets,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def ask_to_end(self) -> None:
        """Sends SIGTERM to its process, which ends its own children."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends its process and everything that process started, without asking."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Supervisor:
    """Runs children until SIGTERM, Ctrl-C or a closed terminal."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.stopping = False

    def listen_to_signals(self) -> None:
        """From now on the signals that end a process only say that it is time."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, *, each_tick: Callable[[], None]) -> None:
        """Looks after the children until told to stop, then ends them all."""
        try:
            while not self.stopping:
                now = time.monotonic()
                for child in self.children:
                    child.look_after(now)
                each_tick()
                time.sleep(TICK_SECONDS)
        finally:
            self.end()

    def end(self) -> None:
        """Asks every child to end, and kills those that have not after some seconds."""
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(child.is_running for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.kill()


def say(line: str) -> None:
    """One line for the person or the log that watches."""
    print(f"ecuanime: {line}", file=sys.stderr, flush=True)
