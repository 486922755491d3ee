"""What every notifier is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from ecuanime.accounts.models import User
    from ecuanime.notices.models import Notice


class NotSent(Exception):
    """Why a bundle did not leave, in words that hold no secret."""


@dataclass(frozen=True)
class Notifier:
    """A way to tell somebody. `gathers_for` is how long notices wait for others before they leave together.

    `usual_for` names the kinds told this way unless the person says otherwise. `send` gets the bundle's id, which
    stays the same when it is tried again, and raises `NotSent`.
    """

    key: str
    label: Promise
    gathers_for: timedelta
    usual_for: frozenset[str]
    reaches: Callable[[User], bool]
    send: Callable[[int, User, Sequence[Notice], datetime], None]
