"""What a kind of rows is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.imports import values
from ecuanime.imports.columns import Field


@dataclass(frozen=True)
class Given:
    """A row as its kind gets it: its values by field, the mark that tells it from the file's other rows, and who asks.

    `mark` is the same whenever the same file is read, and tells two rows that say the same from each other.
    """

    values: Mapping[str, Any]
    mark: str
    by: User
    now: datetime


@dataclass(frozen=True)
class Made:
    """What a row became, or was already, in words for a person."""

    words: str
    is_new: bool


@dataclass(frozen=True)
class Kind:
    """Rows of one sort. `bring` writes one through the rooms' actions, or finds it here already; it may refuse.

    `holds_clients` says that it writes for clients under their locks, which are then taken for all rows at once.
    """

    code: str
    label: Promise
    says: Promise
    fields: tuple[Field, ...]
    bring: Callable[[Given], Made]
    holds_clients: bool = False


OF_CLIENT = Field(
    "client",
    gettext_lazy("Client"),
    ("cliente", "código cliente", "empresa", "company", "client code", "customer"),
    values.text(200),
    ("430012", "Talleres Ibaizabal"),
    is_required=True,
)
"""Whose it is: the client's code in the former program, or its name."""
