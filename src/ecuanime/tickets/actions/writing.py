"""Adding to a thread: the client's messages, replies, internal notes, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.tickets.actions.values import FileGiven, MessageGiven
from ecuanime.tickets.models import Draft, Message, Ticket


def add_inbound_message(*, ticket: Ticket, message: MessageGiven, now: datetime) -> Message:
    """Add what the client wrote; a waiting or solved ticket opens again.

    Refuses `closed`: an answer after closing is another ticket, see `open_follow_up`. Publishes MessageAdded.
    """
    raise NotImplementedError


def reply(
    *,
    ticket: Ticket,
    author: User,
    text: str,
    now: datetime,
    expected_version: int | None = None,
    seen_message: int | None = None,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    files: Sequence[FileGiven] = (),
    then: str = "",
) -> Message:
    """Answer the client: the message and its mail are written together, the mail leaves after the commit.

    Goes to `to`, else to the contact or requester. `then` is "", "wait" (for the client) or "solve".
    `seen_message` is the id of the newest message of the client that the author had before them. The author's reply
    draft goes. Refuses `empty`, `closed`, `no_address`, `bad_address`, `newer_message` and `stale`.
    """
    raise NotImplementedError


def add_note(
    *, ticket: Ticket, author: User, text: str, now: datetime, files: Sequence[FileGiven] = ()
) -> Message:
    """Write an internal note; allowed on a closed ticket too. Refuses `empty`. The author's note draft goes."""
    raise NotImplementedError


def save_draft(*, ticket: Ticket, user: User, kind: str, text: str, now: datetime) -> Draft | None:
    """Keep what somebody is writing: `kind` is reply or note, and the two never mix. Empty text discards it."""
    raise NotImplementedError


def discard_draft(*, ticket: Ticket, user: User, kind: str) -> None:
    """Forget a draft; nothing happens when there is none."""
    raise NotImplementedError


def mark_read(*, ticket: Ticket) -> None:
    """Somebody at the desk has opened the ticket: nothing on it is unread any more. No new version."""
    raise NotImplementedError
