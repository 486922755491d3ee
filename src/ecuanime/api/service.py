"""The API itself: its nouns put together."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from ecuanime.api import (
    clients,
    clients_writing,
    contracts,
    contracts_writing,
    errors,
    invoices,
    invoices_writing,
    promises,
    quotes,
    simulation,
    tickets,
    time,
    time_decisions,
    time_writing,
)
from ecuanime.api.tokens import Token


class Service(NinjaAPI):
    """The API, whose description also has the shapes of the engine's own values."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description of all operations and shapes."""
        schema = super().get_openapi_schema(**options)
        simulation.describe(schema)
        promises.describe(schema)
        return schema


api = Service(
    title="Ecuánime",
    version="1",
    urls_namespace="api",
    auth=Token(),
    docs_url=None,
)
errors.install(api)
WRITES = (clients_writing, contracts_writing, invoices_writing, time_writing, time_decisions)
"""They stand on the routers of what they write, so they are known before those are put together."""
for noun in (clients, tickets, time, contracts, quotes, invoices, simulation, promises):
    api.add_router("", noun.router)
