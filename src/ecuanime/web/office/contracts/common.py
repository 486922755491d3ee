"""What all pages of a contract share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from ecuanime.clients.access import visible_clients
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contract_by_number
from ecuanime.web.office.clients.common import person_of


def contract_of(request: HttpRequest, number: str) -> Contract:
    """The contract of this number, if the person may see its client; else there is nothing here."""
    try:
        contract = contract_by_number(number)
    except Contract.DoesNotExist:
        raise Http404 from None
    if not visible_clients(person_of(request)).filter(pk=contract.client_id).exists():
        raise Http404
    return contract
