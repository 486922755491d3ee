"""Giving a client the time that the terms agreed give for promises that were not kept."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contracts_of
from ecuanime.entitlements.actions import grant_credit
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.compliance import Credit, Month, credits_of
from ecuanime.worklog.models import BreachCredit


@transaction.atomic
def give_credits(*, client: Client, month: Month, by: User, now: datetime) -> list[BreachCredit]:
    """Give what the broken promises of a client's month propose and nobody has given yet, each promise once.

    It becomes time on the contract of the ticket, or where that is not in force on the client's first one that is.
    Refused: `not_allowed`, `month_open` (it is not over), `nothing_to_give`, `no_contract`.
    """
    if not may_review_time(by):
        raise Refused("not_allowed", _("Supervisors give credits. Ask one of them."))
    if now < month.ends_at:
        raise Refused("month_open", _("The month is not over yet. What it gives is known when it is."))
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    waiting = [each for each in credits_of(client, month) if each.given is None]
    if not waiting:
        raise Refused("nothing_to_give", _("Everything that this month proposes was given already."))
    given = [
        row
        for contract, credits in _by_contract(client, waiting).items()
        for row in _give(contract, credits, month, by, now)
    ]
    minutes = sum(row.minutes for row in given)
    record("breaches_credited", client, now=now, month=f"{month.first:%Y-%m}", minutes=minutes)
    return given


def _by_contract(client: Client, waiting: list[Credit]) -> dict[Contract, list[Credit]]:
    running = [row for row in contracts_of(client) if row.state == Contract.State.ACTIVE]
    if not running:
        text = _("No contract of the client is in force, so there is nothing to put the time on.")
        raise Refused("no_contract", text)
    usual = min(running, key=lambda row: (row.precedence, row.pk))
    found: dict[Contract, list[Credit]] = defaultdict(list)
    for each in waiting:
        own = next((row for row in running if row.pk == each.deadline.ticket.contract_id), usual)
        found[own].append(each)
    return found


def _give(
    contract: Contract, credits: list[Credit], month: Month, by: User, now: datetime
) -> list[BreachCredit]:
    lot = grant_credit(
        contract=contract,
        minutes=sum(each.minutes for each in credits),
        reason=_reason(contract.client, credits, month),
        now=now,
        idempotency_key=f"credit:{credits[0].deadline.pk}",
    )
    return BreachCredit.objects.bulk_create(
        BreachCredit(
            deadline=each.deadline,
            lot=lot,
            minutes=each.minutes,
            month=month.first,
            given_at=now,
            given_by=by,
        )
        for each in credits
    )


def _reason(client: Client, credits: list[Credit], month: Month) -> str:
    """In the client's words: `promises not kept in November 2026: #4817, #4820`."""
    numbers = dict.fromkeys(f"#{each.deadline.ticket.number}" for each in credits)
    with override(client.language):
        said = formats.month(month.first, formats.locale_for(client.language))
        facts = {"month": said, "tickets": ", ".join(numbers)}
        return _("promises not kept in %(month)s: %(tickets)s") % facts
