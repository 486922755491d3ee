"""The process that parses: reads a mail from standard input, writes the answer to standard output, waits for the next.

Started by `sandbox` as `python -m ecuanime.channels.email.reading.child MEMORY_BYTES CPU_SECONDS`. It holds no
secrets, no database and no network, may use so much memory, so much processor time per mail, and write no file.
"""

from __future__ import annotations

import resource
import sys
from typing import BinaryIO

from ecuanime.channels.email.reading import wire
from ecuanime.channels.email.reading.parse import parse


def main(memory_bytes: int, cpu_seconds: int) -> None:
    """Serve until standard input ends."""
    _bound(resource.RLIMIT_AS, memory_bytes)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (raw := _next_mail(source)) is not None:
        _allow_cpu(cpu_seconds)
        answer, healthy = _answer(raw)
        for content in answer:
            sink.write(wire.LENGTH.pack(len(content)))
            sink.write(content)
        sink.flush()
        if not healthy:
            return


def _answer(raw: bytes) -> tuple[list[bytes], bool]:
    """The frames to send and whether this process is fit for another mail."""
    try:
        return wire.pack(parse(raw)), True
    except MemoryError:
        return wire.pack_failure("memory", "the memory allowed was used up"), False
    except Exception as error:
        return wire.pack_failure("failed", f"{type(error).__name__}: {error}"), True


def _next_mail(source: BinaryIO) -> bytes | None:
    head = source.read(wire.LENGTH.size)
    if len(head) < wire.LENGTH.size:
        return None
    (length,) = wire.LENGTH.unpack(head)
    raw = source.read(length)
    return raw if len(raw) == length else None


def _bound(kind: int, limit: int) -> None:
    """Set a limit for good; a system that does not know this one (macOS and address space) still has the clock."""
    try:
        resource.setrlimit(kind, (limit, limit))
    except (ValueError, OSError):
        return


def _allow_cpu(seconds: int) -> None:
    """So much from now on: the limit counts the whole life of a process that serves many mails."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + 1, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
