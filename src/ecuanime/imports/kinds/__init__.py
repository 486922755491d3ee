"""What can be brought, in the order in which a firm moves in: each kind is one module."""

from ecuanime.imports.kinds.clients import CLIENTS
from ecuanime.imports.kinds.contacts import CONTACTS
from ecuanime.imports.kinds.contracts import CONTRACTS
from ecuanime.imports.kinds.invoices import INVOICES
from ecuanime.imports.kinds.kind import Given, Kind, Made
from ecuanime.imports.kinds.time import TIME

KINDS: dict[str, Kind] = {kind.code: kind for kind in (CLIENTS, CONTACTS, CONTRACTS, INVOICES, TIME)}

__all__ = ["KINDS", "Given", "Kind", "Made"]
