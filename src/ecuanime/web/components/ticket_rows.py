"""What a row of a list of tickets shows."""

from __future__ import annotations

from typing import NamedTuple

from ecuanime.web.components.deadlines import Clock


class Chip(NamedTuple):
    """Something a view shows of a ticket beside the usual."""

    icon: str
    text: str


class Row(NamedTuple):
    """A ticket as `{% ticket_row %}` draws it; `clock` says what is due next.

    `peek_url` is fetched when the row is chosen; without it the row only opens.
    """

    number: int
    url: str
    subject: str
    channel: str
    client_name: str
    contact_name: str
    assignee_name: str
    is_mine: bool
    clock: Clock | None
    version: int = 0
    peek_url: str = ""
    unread: int = 0
    is_timed: bool = False
    excerpt: str = ""
    contract_kind: str = ""
    contract_text: str = ""
    contract_left: int | None = None
    contract_of: int = 1
    hides_assignee: bool = False
    chips: tuple[Chip, ...] = ()
    is_current: bool = False
