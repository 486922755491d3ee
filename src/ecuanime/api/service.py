"""The API itself: its nouns put together."""

from __future__ import annotations

from ninja import NinjaAPI

from ecuanime.api import clients, contracts, errors, invoices, tickets, time
from ecuanime.api.tokens import Token

api = NinjaAPI(
    title="Ecuánime",
    version="1",
    urls_namespace="api",
    auth=Token(),
    docs_url=None,
)
errors.install(api)
for noun in (clients, tickets, time, contracts, invoices):
    api.add_router("", noun.router)
