"""Whether the firm knows whom a client's invoices are for."""

from __future__ import annotations

from ecuanime.clients.models import Client


def lacks_identity(client: Client) -> bool:
    """Whether the invoices could not name the client as the law wants it, so that it is asked before acceptance."""
    return not (client.tax_id and client.address and client.city)
