"""What the client's page shows of the rooms above: contracts, hours, tickets and invoices. Constant queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_bill
from ecuanime.billing.documents.tags import InvoiceTag
from ecuanime.billing.queries import invoices_in, key_of, receivables
from ecuanime.clients.models import Client
from ecuanime.clients.queries import contacts_of
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contracts_of, quotes_of
from ecuanime.entitlements.queries import Balance, Standing, StatementLine, statement
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.models import OPEN_STATES
from ecuanime.tickets.queries import tickets_of_client
from ecuanime.worklog.pending import NOTHING, hours_for
from ecuanime.worklog.queries import entries_by_cause

MOST_CONTRACTS, MOST_PEOPLE, MOST_INVOICES = 20, 8, 5


def summary_of(client: Client, user: User, *, now: datetime) -> dict[str, Any]:
    """The panels of the page."""
    contracts = list(contracts_of(client)[:MOST_CONTRACTS])
    balances, pendings = hours_for(contracts, now=now)
    rows = [
        _contract_row(contract, balances[contract.pk], pendings.get(contract.pk, NOTHING))
        for contract in contracts
    ]
    open_tickets = visible_tickets(user).filter(client=client, state__in=OPEN_STATES)
    with_hours = next((row for row in rows if row["balance"].has_lots), None)
    return {
        "contracts": rows,
        "quotes": quotes_of(client)[:MOST_CONTRACTS],
        "may_offer": may_change_contracts(user),
        "left": sum(row["balance"].left for row in rows),
        "pending": sum(row["pending"].weighted for row in rows),
        "has_hours": with_hours is not None,
        "movements": _movements(statement(with_hours["contract"], size=7).lines) if with_hours else [],
        "ledger_contract": with_hours["contract"] if with_hours else None,
        "tickets": tickets_of_client(user, client, size=6).rows,
        "open_count": open_tickets.count(),
        "people": contacts_of(client)[:MOST_PEOPLE],
        "domains": client.domains.order_by("domain")[:20],
        "sites": client.sites.order_by("name", "pk")[:20],
        **(_invoices(client, now) if may_bill(user) else {}),
    }


def ledger_of(client: Client, *, number: str, after: str) -> dict[str, Any] | None:
    """A page of the hours ledger of one contract, the first one unless `number` says which; None if unknown."""
    contracts = list(contracts_of(client)[:200])
    chosen = next((contract for contract in contracts if contract.number == number), None) if number else None
    if number and chosen is None:
        return None
    chosen = chosen or (contracts[0] if contracts else None)
    page = statement(chosen, after=after) if chosen else None
    older = f"?contrato={chosen.number}&d={page.older}" if chosen and page and page.older else ""
    return {
        "contracts": contracts,
        "chosen": chosen,
        "movements": _movements(page.lines) if page else [],
        "next_url": older,
    }


def _invoices(client: Client, now: datetime) -> dict[str, Any]:
    """What was billed lately and what is owed, for those who may see it."""
    today = now.astimezone(the_firm().zone).date()
    rows = invoices_in(today=today, client=client, size=MOST_INVOICES).rows
    return {
        "invoices": [{"key": key_of(row.invoice), "row": row, "state": _state(row.tag)} for row in rows],
        "receivables": receivables(today=today, client=client),
    }


def _state(tag: str) -> str:
    """The name under which the screens know how a document stands."""
    return "credit_note" if tag == InvoiceTag.CORRECTION else tag


def _contract_row(contract: Contract, balance: Balance, pending: Any) -> dict[str, Any]:
    shown = {Standing.IN_USE, Standing.WAITING, Standing.FUTURE}
    lots = [
        {
            "lot": row.lot,
            "standing": row.standing,
            "segments": [("spend", row.lot.left)],
            "is_waiting": row.standing == Standing.WAITING,
        }
        for row in balance.lots
        if row.standing in shown
    ]
    return {"contract": contract, "balance": balance, "pending": pending, "lots": lots}


def _movements(lines: Sequence[StatementLine]) -> list[dict[str, Any]]:
    """Lines of the ledger as `components/ledger.html` shows them, newest first."""
    entries = entries_by_cause([line.movement.cause for line in lines if line.movement.cause])
    rows = []
    for line in lines:
        entry = entries.get(line.movement.cause)
        subject = f"#{entry.ticket.number} {entry.ticket.subject}" if entry else line.movement.note
        kind = line.movement.get_kind_display().capitalize()
        rows.append(
            {
                "on": line.movement.at,
                "text": _("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject} if subject else kind,
                "url": reverse("ticket", args=[entry.ticket.number]) if entry else "",
                "lot": ", ".join(dict.fromkeys(lot.code for lot, _quantity in line.changes)),
                "hundredths": line.change,
                "balance_hundredths": line.balance,
                "unit": line.unit,
            }
        )
    return rows
