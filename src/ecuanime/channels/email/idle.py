"""Hearing at once that mail has come (IMAP IDLE, RFC 2177), where the server offers it.

Nothing is fetched here: a watcher only asks the worker to fetch. Polling goes on beside it, slower while a watcher
listens, so that a server that falls silent costs minutes and never a mail.
"""

from __future__ import annotations

import imaplib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connections
from django.db.models import Q
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from ecuanime.channels.email.connecting import connected
from ecuanime.channels.models import WATCHED_WITHIN, ImapSource
from ecuanime.delivery.servers import Server
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.secrets import Unsealable, unseal

logger = logging.getLogger(__name__)

RENEWED_EVERY = 120.0
LISTENS_FOR = 9 * 60.0
"""Firewalls forget quiet connections after ten minutes and more."""

TICK = 2.0
LOOKED_OVER_EVERY = 30.0
SHORTEST_PAUSE, LONGEST_PAUSE = 30.0, 900.0
MOST_WATCHED = 50


class _NotOffered(Exception):
    """The server does not know IDLE; mail is polled there."""


@contextmanager
def watching() -> Iterator[None]:
    """Inside the block every mailbox that can be watched is; leaving it ends the connections within seconds."""
    stop = threading.Event()
    overseer = threading.Thread(target=_oversee, args=(stop,), name="mail-watch", daemon=True)
    overseer.start()
    try:
        yield
    finally:
        stop.set()
        overseer.join(timeout=4 * TICK)


def _oversee(stop: threading.Event) -> None:
    """A thread for each mailbox; one that has ended gets another when its pause is over."""
    threads: dict[int, threading.Thread] = {}
    pauses: dict[int, _Pause] = {}
    while not stop.is_set():
        for source_id in _active_sources():
            pause = pauses.setdefault(source_id, _Pause())
            running = threads.get(source_id)
            if (running is None or not running.is_alive()) and pause.is_over():
                threads[source_id] = threading.Thread(
                    target=_watch_patiently,
                    args=(source_id, stop, pause),
                    name=f"mail-{source_id}",
                    daemon=True,
                )
                threads[source_id].start()
        stop.wait(LOOKED_OVER_EVERY)
    for thread in threads.values():
        thread.join(timeout=2 * TICK)


class _Pause:
    """How long to leave a mailbox alone: longer after each failure in a row."""

    def __init__(self) -> None:
        self._length = 0.0
        self._until = 0.0

    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    def grow(self) -> None:
        self._length = min(max(2 * self._length, SHORTEST_PAUSE), LONGEST_PAUSE)
        self._until = time.monotonic() + self._length

    def forget(self) -> None:
        self._length = 0.0


def _active_sources() -> list[int]:
    try:
        return list(ImapSource.objects.filter(is_active=True).values_list("pk", flat=True)[:MOST_WATCHED])
    except DatabaseError:
        logger.warning("the mailboxes to watch could not be read; tried again soon")
        return []
    finally:
        connections.close_all()


def _watch_patiently(source_id: int, stop: threading.Event, pause: _Pause) -> None:
    """Watch a mailbox until it fails. What is wrong is said by the polling that goes on."""
    try:
        watch(source_id, stop, settled=pause.forget)
    except _NotOffered:
        logger.info("the server of mailbox source %s offers no IDLE; it is polled", source_id)
    except (OSError, imaplib.IMAP4.error, ImapToolsError, Unsealable, DatabaseError) as error:
        logger.info("watching mailbox source %s ended: %s", source_id, type(error).__name__)
    finally:
        pause.grow()
        connections.close_all()


def watch(source_id: int, stop: threading.Event, *, settled: Callable[[], None] = lambda: None) -> None:
    """Listen at a mailbox and ask for a fetch whenever something comes, until told to stop.

    Returns at once when somebody else watches it. `settled` is called once listening has begun.
    """
    source = ImapSource.objects.filter(pk=source_id, is_active=True).first()
    if source is None or not _claim(source_id):
        return
    try:
        with connected(_server(source), source.folder) as box:
            _require_idle(box)
            settled()
            _ask_to_fetch(source_id)
            while not stop.is_set() and _still_the_same(source):
                _listen(box, source_id, stop)
    finally:
        ImapSource.objects.filter(pk=source_id).update(watched_at=None)


def _listen(box: BaseMailBox, source_id: int, stop: threading.Event) -> None:
    """One IDLE of some minutes."""
    begun = renewed = time.monotonic()
    with box.idle as idle:
        while not stop.is_set() and time.monotonic() - begun < LISTENS_FOR:
            asked = time.monotonic()
            said = idle.poll(timeout=TICK)
            if any(line.upper().endswith(b" EXISTS") for line in said):
                _ask_to_fetch(source_id)
            elif not said and time.monotonic() - asked < TICK / 2:
                raise ConnectionError("the server closed the connection")
            if time.monotonic() - renewed >= RENEWED_EVERY:
                renewed = time.monotonic()
                ImapSource.objects.filter(pk=source_id).update(watched_at=read_clock())


def _claim(source_id: int) -> bool:
    now = read_clock()
    free = Q(watched_at=None) | Q(watched_at__lt=now - WATCHED_WITHIN)
    return bool(ImapSource.objects.filter(free, pk=source_id).update(watched_at=now))


def _still_the_same(source: ImapSource) -> bool:
    """Whether the mailbox is still fetched from the same place."""
    now = ImapSource.objects.filter(pk=source.pk, is_active=True).first()
    places = [(each.host, each.port, each.username, each.folder) for each in (source, now) if each]
    return len(places) == 2 and places[0] == places[1]


def _server(source: ImapSource) -> Server:
    password = unseal(source.password_sealed)
    return Server(source.host, source.port, source.security, source.username, password)


def _require_idle(box: BaseMailBox) -> None:
    _status, data = box.client.capability()
    if b"IDLE" not in b" ".join(data).upper().split():
        raise _NotOffered


def _ask_to_fetch(source_id: int) -> None:
    # Imported here because the job stands above what fetches.
    from ecuanime.channels.jobs import fetch_mailbox

    ImapSource.objects.filter(pk=source_id, is_active=True).update(next_due_at=read_clock())
    fetch_mailbox.defer(source_id=source_id)
