"""Fetching by IMAP: by UID, a few mails at a time, stored and committed before the server hears that they were taken.

Raw bytes are fetched with PEEK and never parsed here. What was committed is then flagged as read, or deleted where the
mailbox says so; a crash in between leaves it unflagged, and the next round settles it.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Timer
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox
from imap_tools.consts import SHORT_MONTH_NAMES
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError

from ecuanime.channels.actions import read_soon
from ecuanime.channels.email.arrivals import Offered, store_arrivals
from ecuanime.channels.email.connecting import connected
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.channels.notices import tell_failing, tell_works_again
from ecuanime.delivery.checks import CheckLine, failed, find_host
from ecuanime.delivery.servers import (
    Problem,
    Server,
    cut,
    explain,
    server_words,
)
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.secrets import Unsealable, unseal

WHOLE_SECONDS = 540
"""A server that dribbles is cut off before the claim on its mailbox ends; what was taken by then is not lost."""
BATCH = 50
LARGEST_BYTES = 64 * 1024 * 1024
GROUP_BYTES = 8 * 1024 * 1024
LONGEST_PAUSE = timedelta(minutes=30)
LOOKED_THROUGH_AGAIN = timedelta(days=2)  # the server's dates have no hour and no zone
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class ImapFailedError(Exception):
    """The server refused a command; the text is the server's."""


class NotStoredError(Exception):
    """This machine could not keep a mail; the text is the system's."""


def fetch(source: ImapSource, *, now: datetime) -> int:
    """Take in at most 50 new mails of a source and settle what was committed before; returns how many came in.

    A failure is written on the source in words, with a growing pause before the next try; nothing is lost by it.
    """
    server = Server(source.host, source.port, source.security, source.username)
    try:
        server = Server(
            source.host, source.port, source.security, source.username, unseal(source.password_sealed)
        )
        with connected(server, source.folder) as box, _bounded(box):
            count = _fetch_new(source, box, now)
    except Unsealable:
        return _failed(
            source, now, _("The stored password cannot be read with this installation's key. Type it again.")
        )
    except NotStoredError as error:
        text = _("A mail could not be stored on this machine (%(reason)s). It waits at the server.")
        return _failed(source, now, text % {"reason": error})
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ImapFailedError) as error:
        return _failed(source, now, str(_explain(error, server)))
    _succeeded(source, now)
    return count


def check_imap(
    *, host: str, port: int, security: str, username: str, password: str, folder: str
) -> list[CheckLine]:
    """Find the host, connect, encrypt, sign in and open the folder; stops at the first step that fails, in words."""
    server = Server(host.strip(), port, security, username, password)
    lines: list[CheckLine] = []
    try:
        lines.append(find_host(server))
        with connected(server, folder) as box:
            waiting = box.folder.status(folder)["MESSAGES"]
            lines.append(CheckLine("connect.ok", True, _("Connected and signed in.")))
            text = _("The folder %(folder)s is open and holds %(count)s mails.")
            lines.append(CheckLine("folder.ok", True, text % {"folder": folder, "count": waiting}))
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ImapFailedError) as error:
        lines.append(failed(_explain(error, server)))
    return lines


@contextmanager
def _bounded(box: BaseMailBox) -> Iterator[None]:
    """The time a round may take in all: each answer alone may be slow, and a mailbox holds many."""
    guard = Timer(WHOLE_SECONDS, cut, [box.client.socket()])
    guard.daemon = True
    guard.start()
    try:
        yield
    finally:
        guard.cancel()


def _fetch_new(source: ImapSource, box: BaseMailBox, now: datetime) -> int:
    status = box.folder.status(source.folder, ["UIDVALIDITY", "UIDNEXT"])
    if source.uid_validity != status["UIDVALIDITY"]:
        source.last_uid = _taken_up_to(source, box, status["UIDNEXT"], now)
        source.uid_validity, source.left_behind = status["UIDVALIDITY"], []
        source.save(update_fields=["uid_validity", "last_uid", "left_behind"])
    _forget_what_is_gone(source, box)
    _settle(source, box, now)
    new = [uid for uid in _search(box, f"UID {source.last_uid + 1}:*") if uid > source.last_uid]
    batch = sorted(new)[:BATCH]
    for up_to, group in _groups(source, box, batch):
        _take(source, box, group, up_to, now)
    return len(batch)


def _taken_up_to(source: ImapSource, box: BaseMailBox, next_uid: int, now: datetime) -> int:
    """The UID after which mail is new, in a mailbox whose numbering is not known yet.

    One that was numbered anew is looked through from shortly before the last success on: what was taken in already
    is known by its bytes, and what was left alone from the beginning still is.
    """
    if source.takes_existing:
        return 0
    if source.uid_validity is not None:
        since = (source.last_success_at or now) - LOOKED_THROUGH_AGAIN
        # Written by hand: the month's name must not follow the language of this machine.
        recent = _search(box, f"SINCE {since.day}-{SHORT_MONTH_NAMES[since.month - 1]}-{since.year}")
        if recent:
            return min(recent) - 1
    return next_uid - 1


def _forget_what_is_gone(source: ImapSource, box: BaseMailBox) -> None:
    """Too large mails that somebody has dealt with at the server are no longer spoken of."""
    if not source.left_behind:
        return
    still_there = set(_search(box, f"UID {_set(source.left_behind)}"))
    if still_there != set(source.left_behind):
        source.left_behind = sorted(still_there)
        source.save(update_fields=["left_behind"])


def _groups(source: ImapSource, box: BaseMailBox, uids: Sequence[int]) -> Iterator[tuple[int, list[Offered]]]:
    """The mails with these UIDs, some megabytes at a time, each group with the UID up to which it goes.

    Too large mails are left where they are and spoken of.
    """
    sizes = _sizes(box, uids)
    group: list[Offered] = []
    room = GROUP_BYTES
    for uid in uids:
        if sizes.get(uid, 0) > LARGEST_BYTES:
            if uid not in source.left_behind:
                source.left_behind = [*source.left_behind, uid][-100:]
        elif (raw := _raw(box, uid)) is not None:
            group.append(Offered(raw, uid))
            room -= len(raw)
        if room <= 0 or uid == uids[-1]:
            yield uid, group
            group, room = [], GROUP_BYTES


def _take(source: ImapSource, box: BaseMailBox, group: Sequence[Offered], up_to: int, now: datetime) -> None:
    if group:
        _store(source, group, now)
        read_soon()
        _settle(source, box, now)
    source.last_uid = max(source.last_uid, up_to)
    source.save(update_fields=["last_uid", "left_behind"])


def _store(source: ImapSource, group: Sequence[Offered], now: datetime) -> None:
    try:
        store_arrivals(
            offered=group, origin=IncomingMail.Origin.IMAP, now=now, mailbox=source.mailbox, source=source
        )
    except OSError as error:  # of the disk: it must not be taken for one of the connection
        raise NotStoredError(error.strerror or str(error)) from error


def _settle(source: ImapSource, box: BaseMailBox, now: datetime) -> None:
    """Flag or delete at the server what is committed here and was not yet."""
    unsettled = IncomingMail.objects.filter(source=source, settled_at__isnull=True)
    rows = list(unsettled.order_by("uid").only("uid", "arrival_key")[: BATCH * 4])
    uids = [row.uid for row in rows if row.uid and row.arrival_key.startswith(source.numbering)]
    if uids:
        _dismiss(box, uids, delete=source.deletes_after_intake)
    if rows:
        IncomingMail.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=now)


def _dismiss(box: BaseMailBox, uids: Sequence[int], *, delete: bool) -> None:
    flag = r"(\Deleted)" if delete else r"(\Seen)"
    _command(box, "STORE", _set(uids), "+FLAGS.SILENT", flag)
    crashpoint("mail.flagged")
    if delete:
        # Only these: a plain EXPUNGE would also remove what another program marked.
        if _can_expunge_one(box):
            _command(box, "EXPUNGE", _set(uids))
        crashpoint("mail.expunged")


def _set(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))


def _can_expunge_one(box: BaseMailBox) -> bool:
    """Whether the server knows UID EXPUNGE (RFC 4315); many say so only to who has signed in."""
    _status, data = box.client.capability()
    return b"UIDPLUS" in b" ".join(data).upper().split()


def _search(box: BaseMailBox, criteria: str) -> list[int]:
    data = _command(box, "SEARCH", criteria)
    return [int(uid) for uid in data[0].split()] if data and data[0] else []


def _sizes(box: BaseMailBox, uids: Sequence[int]) -> dict[int, int]:
    """How large each of these mails is, by UID; one that is gone has no size."""
    data = _command(box, "FETCH", _set(uids), "(RFC822.SIZE)") if uids else []
    lines = [line for line in data if isinstance(line, bytes)]
    found = ((_UID.search(line), _SIZE.search(line)) for line in lines)
    return {int(uid[1]): int(size[1]) for uid, size in found if uid and size}


def _raw(box: BaseMailBox, uid: int) -> bytes | None:
    """The bytes of a mail, or None when another program has removed it meanwhile."""
    data: list[Any] = _command(box, "FETCH", str(uid), "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), None)


def _command(box: BaseMailBox, name: str, *arguments: str) -> list[Any]:
    status, data = box.client.uid(name, *arguments)
    if status != "OK":
        raise ImapFailedError(server_words(data[0] if data and isinstance(data[0], bytes) else str(status)))
    return list(data)


def _explain(error: Exception, server: Server) -> Problem:
    names = {"host": server.host}
    if isinstance(error, MailboxLoginError):
        text = _("%(host)s does not accept this user name and password.") % names
        return Problem("login.refused", text, _said(error))
    if isinstance(error, imaplib.IMAP4.error | ImapToolsError | ImapFailedError):
        return Problem("server.refused", _("%(host)s said no.") % names, _said(error))
    return explain(error, server)


def _said(error: Exception) -> str:
    """The server's own words, out of the library's sentence about them."""
    answer = error.command_result[1] if isinstance(error, UnexpectedCommandStatusError) else []
    words = [part for part in answer if isinstance(part, bytes)]
    return server_words(b" ".join(words) if words else str(error))


@transaction.atomic
def _succeeded(source: ImapSource, now: datetime) -> None:
    before = source.failures
    source.failures, source.last_error, source.last_success_at = 0, "", now
    source.save(update_fields=["failures", "last_error", "last_success_at"])
    tell_works_again(source, before, now=now)


@transaction.atomic
def _failed(source: ImapSource, now: datetime, words: str) -> int:
    source.failures += 1
    source.last_error = words
    source.next_due_at = now + min(timedelta(minutes=2 ** min(source.failures, 6)), LONGEST_PAUSE)
    source.save(update_fields=["failures", "last_error", "next_due_at"])
    tell_failing(source, now=now)
    return 0
