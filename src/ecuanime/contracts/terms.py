"""Contract rows as the frozen terms that rating works with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ecuanime.contracts.models import Contract
from ecuanime.rules.rating import Terms


def terms_of(contract: Contract, first: date, last: date) -> Terms:
    """The terms for work done from `first` to `last` (local dates), in a constant number of queries.

    Holidays are the firm's between the two dates. Areas and work types are named by their codes.
    """
    return terms_for([contract], first, last)[contract.pk]


def terms_for(contracts: Sequence[Contract], first: date, last: date) -> dict[int, Terms]:
    """The terms of several contracts by their id, in a constant number of queries however many they are."""
    raise NotImplementedError
