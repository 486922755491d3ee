"""The API itself: its nouns put together."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from ecuanime.api import (
    clients,
    clients_writing,
    contracts,
    contracts_writing,
    emergencies,
    emergencies_writing,
    errors,
    invoices,
    invoices_writing,
    promises,
    quotes,
    simulation,
    terms,
    tickets,
    time,
    time_decisions,
    time_writing,
)
from ecuanime.api.tokens import Token


class Service(NinjaAPI):
    """The API, whose description also has the shapes of the engine's own values."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of all operations and shapes, which must not be changed."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return _described(self, prefix, get_language())


@cache
def _described(service: Service, prefix: str, _language: str | None) -> OpenAPISchema:
    """Put together once in each language: it takes longer than any page."""
    schema = NinjaAPI.get_openapi_schema(service, path_prefix=prefix)
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
WRITES = (
    clients_writing,
    contracts_writing,
    emergencies_writing,
    invoices_writing,
    time_writing,
    time_decisions,
)
"""They stand on the routers of what they write, so they are known before those are put together."""
for noun in (
    clients,
    tickets,
    time,
    emergencies,
    contracts,
    quotes,
    invoices,
    simulation,
    promises,
    terms,
):
    api.add_router("", noun.router)
