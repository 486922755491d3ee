"""Telling administrators that a mailbox has stopped being fetched, once, and that it is fetched again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role
from ecuanime.accounts.queries import people_of_firm
from ecuanime.channels.models import ImapSource
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind

TOLD_AFTER = 3
"""Failures in a row: with the pauses between them some six minutes, which a server that restarts does not last."""


def tell_failing(source: ImapSource, *, now: datetime) -> None:
    """Say that the third try in a row has failed, and with which words; before and after it nothing is said."""
    if source.failures != TOLD_AFTER:
        return

    def words() -> Words:
        title = _("The mailbox %(address)s cannot be fetched") % {"address": source.mailbox.address}
        return Words(title, source.last_error)

    _tell(source, "failing", words, now)


def tell_works_again(source: ImapSource, failures: int, *, now: datetime) -> None:
    """Say that mail comes in again, after so many `failures` that somebody was told of them."""
    if failures < TOLD_AFTER:
        return

    def words() -> Words:
        title = _("The mailbox %(address)s is fetched again") % {"address": source.mailbox.address}
        return Words(title, _("What waited at the server has come in or is coming in now."))

    _tell(source, "works", words, now)


def _tell(source: ImapSource, what: str, words: Callable[[], Words], now: datetime) -> None:
    administrators = people_of_firm().filter(roles__contains=[Role.ADMINISTRATOR])
    tell(
        people=administrators,
        kind=Kind.MAILBOX,
        event_id=f"mailbox:{source.pk}:{what}:{now:%Y%m%dT%H%M%S}",
        words=words,
        url=f"/ajustes/correo/{source.mailbox_id}/",
        subject_key=f"mailbox:{source.pk}",
        now=now,
    )
