"""Bringing old mail in: `.eml` files, mbox files and Maildir folders, byte for byte, a few in memory at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ecuanime.channels.actions import BATCH, BATCH_BYTES, read_batch
from ecuanime.channels.email.arrivals import Offered, store_arrivals
from ecuanime.channels.email.reading import MailReader
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import Mailbox

ENDINGS = {".eml", ".mbox", ".mbx", ".msg"}
# A line that parts the mails of an mbox names the hour and the year; a sentence that begins with "From" hardly does.
_SEPARATOR = re.compile(rb"From \S.*\s\d{1,2}:\d{2}.*\d{4}\s*$")


@dataclass
class Tally:
    """How many mails were offered and what became of them; the sum of the states equals what was offered."""

    offered: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def add(self, arrival: IncomingMail) -> None:
        """Count one mail."""
        self.offered += 1
        self.states[arrival.state] += 1


def mail_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read: those named, and in folders what looks like mail (by its ending, or in a Maildir)."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                in_maildir = inner.parent.name in {"cur", "new"}
                if inner.is_file() and (inner.suffix.lower() in ENDINGS or in_maildir):
                    yield inner
        else:
            yield path


def mails_of(path: Path) -> Iterator[bytes]:
    """The mails of a file: many when it is an mbox, one otherwise."""
    with path.open("rb") as stream:
        first = stream.readline()
        if not _SEPARATOR.match(first):
            yield first + stream.read()
            return
        lines: list[bytes] = []
        for line in stream:
            if lines and lines[-1] in (b"\n", b"\r\n") and _SEPARATOR.match(line):
                yield b"".join(lines[:-1])
                lines = []
            else:
                lines.append(line)
        yield b"".join(lines[:-1] if lines and lines[-1] in (b"\n", b"\r\n") else lines)


def import_mails(
    raws: Sequence[bytes], *, mailbox: Mailbox | None, now: datetime, using: MailReader
) -> list[IncomingMail]:
    """Store old mails and file them at once; nothing is answered. The same mail imported again is the same row.

    One that cannot be filed stays stored, and the worker tries it again.
    """
    offered = [Offered(raw) for raw in raws]
    rows = store_arrivals(offered=offered, origin=IncomingMail.Origin.IMPORT, mailbox=mailbox, now=now)
    ids = [row.pk for row in rows]
    while read_batch(now=now, using=using, among=ids):
        pass
    read = IncomingMail.objects.in_bulk(ids)
    return [read[each] for each in ids]


def in_groups(raws: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The mails some at a time: at most 20, or some megabytes."""
    group: list[bytes] = []
    for raw in raws:
        group.append(raw)
        if len(group) == BATCH or sum(map(len, group)) > BATCH_BYTES:
            yield group
            group = []
    if group:
        yield group
