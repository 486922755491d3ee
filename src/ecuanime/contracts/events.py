"""What has happened to contracts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QuoteSent:
    """A client has got an offer to answer."""

    contract_id: int


@dataclass(frozen=True)
class QuoteDeclined:
    """A client has said no to an offer."""

    contract_id: int


@dataclass(frozen=True)
class ContractOpened:
    """A client has accepted a plan version."""

    contract_id: int


@dataclass(frozen=True)
class ContractStarted:
    """The first day of an accepted contract has come."""

    contract_id: int


@dataclass(frozen=True)
class ContractEnded:
    """A contract has got its last day."""

    contract_id: int


@dataclass(frozen=True)
class ServiceLevelChanged:
    """What is promised about time has changed: to one contract or client, or to whoever has nothing of their own."""

    level_id: int
