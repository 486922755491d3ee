"""What happens to clients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DomainConfirmed:
    """Mail from this domain is the client's from now on."""

    client_id: int
    domain: str


@dataclass(frozen=True)
class ContactAdded:
    """Mail from this contact's address is the client's from now on."""

    contact_id: int


@dataclass(frozen=True)
class ClientRenamed:
    """The client is called differently from now on."""

    client_id: int


@dataclass(frozen=True)
class ContactRenamed:
    """The contact has another name or address from now on."""

    contact_id: int
