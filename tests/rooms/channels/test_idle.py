"""Hearing at a real Dovecot that mail has come, ending cleanly, and polling where nobody listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.channels import jobs
from ecuanime.channels.email import idle
from ecuanime.channels.models import ImapSource
from tests.factories import NOW
from tests.mailservers import ImapServer
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.test_imap import put, server, source

__all__ = ["server", "source"]
pytestmark = [pytest.mark.mailserver, pytest.mark.django_db(transaction=True)]


def asked(source: ImapSource) -> int:
    """How often a fetch of this mailbox was asked for."""
    return ProcrastinateJob.objects.filter(
        task_name="channels.fetch_mailbox", args={"source_id": source.pk}
    ).count()


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within ten seconds."""
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def test_a_new_mail_asks_for_a_fetch_at_once_and_the_watcher_ends_when_told(
    source: ImapSource, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "TICK", 0.2)
    stop = threading.Event()
    thread = threading.Thread(
        target=idle._watch_patiently, args=(source.pk, stop, idle._Pause()), daemon=True
    )
    thread.start()
    assert soon(lambda: asked(source) == 1), "what came before is fetched"
    source.refresh_from_db()
    assert source.is_watched(idle.read_clock())
    idle.watch(source.pk, stop)
    assert asked(source) == 1, "a second watcher leaves it alone"
    put(source, server, raw_mail())
    assert soon(lambda: asked(source) >= 2)
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
    source.refresh_from_db()
    assert source.watched_at is None


def test_a_server_without_idle_is_left_to_polling(
    source: ImapSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_box: object) -> None:
        raise idle._NotOffered

    monkeypatch.setattr(idle, "_require_idle", without)
    pause = idle._Pause()
    idle._watch_patiently(source.pk, threading.Event(), pause)
    assert not pause.is_over()
    assert asked(source) == 0
    source.refresh_from_db()
    assert source.watched_at is None


def test_a_watched_mailbox_is_polled_less_often(source: ImapSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "read_clock", lambda: NOW)
    for watched_at, minutes in ((None, 1), (NOW - timedelta(hours=1), 1), (NOW - timedelta(minutes=1), 10)):
        ImapSource.objects.filter(pk=source.pk).update(watched_at=watched_at, next_due_at=None)
        jobs.fetch_mailbox(source_id=source.pk)
        source.refresh_from_db()
        assert source.next_due_at == NOW + timedelta(minutes=minutes, seconds=-10)
