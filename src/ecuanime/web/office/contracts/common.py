"""What all pages of a contract share."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from ecuanime.clients.access import visible_clients
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contract_by_number
from ecuanime.entitlements.models import Lot
from ecuanime.web.guards import person_of


def contract_of(request: HttpRequest, number: str) -> Contract:
    """The contract of this number, if the person may see its client; else there is nothing here."""
    try:
        contract = contract_by_number(number)
    except Contract.DoesNotExist:
        raise Http404 from None
    if not visible_clients(person_of(request)).filter(pk=contract.client_id).exists():
        raise Http404
    return contract


def lot_of(request: HttpRequest, code: str) -> tuple[Lot, Contract]:
    """The lot of this code with its contract, if the person may see its client; else there is nothing here."""
    lot = get_object_or_404(Lot.objects.select_related("contract__client"), code=code)
    return lot, contract_of(request, lot.contract.number)
