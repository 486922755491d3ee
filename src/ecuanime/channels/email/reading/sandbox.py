"""A few long-lived child processes that parse mails, so that a poisonous one costs a child and never the worker.

Fresh interpreters with an empty environment, not forks of a process that holds secrets and connections. Each mail has
a wall clock, processor and memory limit; a child that breaks one, or dies, is replaced before the next mail.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ecuanime.channels.email.reading import wire
from ecuanime.channels.email.reading.limits import DEFAULT, Limits, check
from ecuanime.channels.email.reading.message import ParsedMail, Reading, Unreadable

_CHILD = "ecuanime.channels.email.reading.child"
_SOURCE = str(Path(__file__).resolve().parents[4])
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_CHUNK = 1024 * 1024
_GROWTH = 10
_MAILS_PER_CHILD = 1_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one mail may cost. The clock runs from hand-over to the last byte of the answer."""

    seconds: float = 30.0
    cpu_seconds: int = 20
    memory_bytes: int = 512 * 1024 * 1024


class MailReader:
    """Reads mails in at most `processes` children, started when first needed. Safe to share between threads.

    `with MailReader() as reader: reader.read(raw)`; closing ends the children. A reader carried over a fork starts
    children of its own.
    """

    def __init__(
        self,
        *,
        limits: Limits = DEFAULT,
        allowance: Allowance | None = None,
        processes: int = 2,
        command: Sequence[str] | None = None,
    ) -> None:
        self.limits = limits
        self.allowance = allowance or Allowance()
        self._command = list(command) if command else _command(self.allowance)
        self._processes = processes
        self._idle: list[_Child] = []
        self._reset()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, raw: bytes, *, limits: Limits | None = None) -> Reading:
        """Judge the bytes, then parse them in a child. Waits for a free child; raises nothing because of the mail."""
        refusal = check(raw, limits or self.limits)
        if refusal:
            return refusal
        if self._owner != os.getpid():
            self._reset()
        with self._free:
            result = self._attempt(raw, self._take())
            if isinstance(result, Unreadable) and result.code == "crashed":
                # Perhaps the machine killed the child, not the mail: a fresh one tells.
                result = self._attempt(raw, _Child(self._command))
            return result

    def close(self) -> None:
        """End the idle children. Reading again afterwards starts new ones."""
        if self._owner != os.getpid():
            return
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def idle_processes(self) -> list[int]:
        """The process ids of the children waiting for work, for whoever looks after the machine."""
        with self._lock:
            return [child.pid for child in self._idle]

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._free = threading.BoundedSemaphore(self._processes)
        self._lock = threading.Lock()
        self._idle = []

    def _attempt(self, raw: bytes, child: _Child) -> ParsedMail | Unreadable:
        healthy = False
        try:
            result = child.exchange(raw, self.allowance.seconds)
            healthy = not isinstance(result, Unreadable) or result.code == "failed"
        finally:
            if healthy and child.mails < _MAILS_PER_CHILD:
                with self._lock:
                    self._idle.append(child)
            else:
                child.end()
        return result

    def _take(self) -> _Child:
        """An idle child that is alive, or a new one. One that died idle is not held against the next mail."""
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return _Child(self._command)
            if child.alive():
                return child
            child.end()


class _Child:
    """One process and the two pipes to it."""

    def __init__(self, command: list[str]) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"PYTHONPATH": _SOURCE, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.mails = 0
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a process started with pipes has none")
        self._to, self._from = self._process.stdin, self._process.stdout
        os.set_blocking(self._to.fileno(), False)
        os.set_blocking(self._from.fileno(), False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Kill it and leave no zombie."""
        self._process.kill()
        self._process.wait()
        self._to.close()
        self._from.close()

    def exchange(self, raw: bytes, seconds: float) -> ParsedMail | Unreadable:
        """Send one mail and take its answer before the clock runs out."""
        self.mails += 1
        conversation = _Conversation(self._to.fileno(), self._from.fileno(), raw, time.monotonic() + seconds)
        try:
            answer = conversation.answer()
            if "failure" in answer:
                code, detail = answer["failure"]
                return Unreadable(str(code), str(detail))
            contents = [conversation.take(size) for size in conversation.attachment_sizes(answer)]
            return wire.unpack(answer, contents)
        except TimeoutError:
            return Unreadable("timeout", f"not read within {seconds:g} s")
        except (EOFError, OSError):
            return self._cause_of_death()
        except (ValueError, KeyError, TypeError) as error:
            return Unreadable("crashed", f"unusable answer: {type(error).__name__}")

    def _cause_of_death(self) -> Unreadable:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Unreadable("crashed", "the pipe broke")
        if code == -signal.SIGXCPU:
            return Unreadable("timeout", "the processor time allowed was used up")
        return Unreadable("crashed", f"the reading process ended with {code}")


class _Conversation:
    """One mail out and one answer in, over non-blocking pipes and against one deadline.

    The answer is bounded too: the child has read hostile bytes and is not believed about sizes.
    """

    def __init__(self, to: int, source: int, raw: bytes, deadline: float) -> None:
        self._source = source
        self._deadline = deadline
        self._room = _GROWTH * len(raw) + 4 * _CHUNK
        self._buffer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(to, selectors.EVENT_WRITE)
            for content in (wire.LENGTH.pack(len(raw)), raw):
                view = memoryview(content)
                while view:
                    self._wait(selector)
                    try:
                        view = view[os.write(to, view[:_CHUNK]) :]
                    except BlockingIOError:
                        continue

    def answer(self) -> dict[str, Any]:
        """The JSON frame. Raises ValueError when it is no object or larger than any answer can be."""
        (length,) = wire.LENGTH.unpack(self._exactly(wire.LENGTH.size))
        answer = json.loads(self._exactly(length))
        if not isinstance(answer, dict):
            raise ValueError
        return answer

    def attachment_sizes(self, answer: dict[str, Any]) -> list[int]:
        return wire.attachment_sizes(answer)

    def take(self, size: int) -> bytes:
        """One attachment's frame, which must have the size announced."""
        (length,) = wire.LENGTH.unpack(self._exactly(wire.LENGTH.size))
        if length != size:
            raise ValueError
        return self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        self._room -= length
        if self._room < 0:
            raise ValueError
        with selectors.DefaultSelector() as selector:
            selector.register(self._source, selectors.EVENT_READ)
            while len(self._buffer) < length:
                self._wait(selector)
                try:
                    chunk = os.read(self._source, _CHUNK)
                except BlockingIOError:
                    continue
                if not chunk:
                    raise EOFError
                self._buffer += chunk
        content = bytes(self._buffer[:length])
        del self._buffer[:length]
        return content

    def _wait(self, selector: selectors.BaseSelector) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0 or not selector.select(left):
            raise TimeoutError


def _command(allowance: Allowance) -> list[str]:
    limits = [str(allowance.memory_bytes), str(allowance.cpu_seconds)]
    return [sys.executable, "-P", "-s", "-m", _CHILD, *limits]


_default: MailReader | None = None
_default_lock = threading.Lock()


def read_mail(raw: bytes, *, limits: Limits = DEFAULT) -> Reading:
    """Read one mail with this process's shared reader, which ends its children when the process exits."""
    global _default
    with _default_lock:
        if _default is None:
            _default = MailReader()
            atexit.register(_default.close)
        reader = _default
    return reader.read(raw, limits=limits)
