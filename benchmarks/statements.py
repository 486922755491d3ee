"""A statement at size: ten thousand movements of one client, its newest page and its oldest."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client as Browser

from benchmarks.measure import Result, page_figures
from ecuanime.accounts.models import Role, User
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.booking import book
from ecuanime.entitlements.client_statements import client_statement
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.clock import read_clock
from ecuanime.rules import ledger
from ecuanime.rules.packs import Unit

MOVEMENTS = 10_000
LAST = 10


def measure() -> Result:
    """Pages of 50 movements as a supervisor gets them: of the client over all its contracts, and of one contract."""
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(User.objects.filter(roles__contains=[Role.SUPERVISOR], is_active=True)[0])
    lot = Lot.objects.filter(unit=Unit.MINUTES, left__gte=MOVEMENTS).select_related("contract__client")[0]
    contract, client = lot.contract, lot.contract.client
    _draw(lot)
    contracts = list(Contract.objects.filter(client=client))
    known = Movement.objects.filter(contract__in=contracts).count()
    page = client_statement(contracts, zone=client.time_zone, unit=lot.unit, size=known - LAST)
    oldest = urlencode({"d": page.older})
    figures: Result = {"movements": known}
    for name, path in {
        "client": f"/clientes/{client.code}/extracto/",
        "contract": f"/contratos/{contract.number}/libro/",
    }.items():
        figures[f"{name}_newest"] = page_figures(browser, path)
        figures[f"{name}_oldest"] = page_figures(browser, f"{path}?{oldest}")
    return figures


@transaction.atomic
def _draw(lot: Lot) -> None:
    """Draw a hundredth of a minute so many times, by the ledger's own door, as many minutes apart."""
    begun = read_clock() - timedelta(minutes=MOVEMENTS)
    for number in range(MOVEMENTS):
        key = f"bench:{number}"
        at = begun + timedelta(minutes=number)
        book(lot.contract, Movement.Kind.DRAWDOWN, key, [ledger.drawdown(key, lot.pk, 1)], now=at)
