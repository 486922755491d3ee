"""Fees that were invoiced for days that their contracts do not have: proposals for credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.drafting.fee_days import days_of, price_of
from ecuanime.billing.models import Charge, Invoice, InvoiceLine
from ecuanime.contracts.models import Contract, ContractPeriod, Fee
from ecuanime.rules.money import round_half_up, to_minor


@dataclass(frozen=True)
class UnusedFee:
    """A fee, counted by the day, that was invoiced for days after its contract's last.

    `unused_from` is the first of them, `due` and `amount` what of its line is due and what no credit note has taken off
    yet, in minor units before tax; `is_whole` says that the contract ended before the period.
    """

    charge: Charge
    period: ContractPeriod
    line: InvoiceLine
    unused_from: date
    due: int
    amount: int
    is_whole: bool


def unused_fees(contract: Contract | None = None) -> list[UnusedFee]:
    """Every such fee of which something is to be credited, the oldest invoice first; of one contract, or of all.

    A constant number of queries. What was credited is taken off the list, however it was credited.
    """
    lines = list(_lines(contract))
    periods = _periods(line.charge for line in lines if line.charge is not None)
    found = [_unused(line, periods) for line in lines]
    return [each for each in found if each is not None and each.amount > 0]


def _lines(contract: Contract | None) -> QuerySet[InvoiceLine]:
    """The lines that charge fees beyond the last day of their contract."""
    charged = InvoiceLine.objects.filter(
        charge__lot=None,
        charge__is_billed=True,
        charge__cancelled_at=None,
        charge__until__gt=F("charge__contract__ends_on"),
        charge__contract__version__fees__pro_rata__in=(Fee.ProRata.BY_DAY, Fee.ProRata.SHARES),
        invoice__state=Invoice.State.ISSUED,
        invoice__corrects=None,
    )
    if contract is not None:
        charged = charged.filter(charge__contract=contract)
    related = charged.select_related("charge__contract", "invoice__client").prefetch_related(
        standing_credits()
    )
    return related.order_by("invoice__issued_on", "invoice_id", "pk")


def _periods(charges: Iterable[Charge]) -> dict[tuple[int, date | None], ContractPeriod]:
    """The periods that these fees pay for, by contract and first day."""
    wanted = Q(pk__in=())
    for charge in charges:
        wanted |= Q(contract=charge.contract_id, first_day=charge.due_on)
    rows = ContractPeriod.objects.filter(wanted).select_related("contract__version")
    rows = rows.prefetch_related("contract__version__fees")
    return {(row.contract_id, row.first_day): row for row in rows}


def _unused(line: InvoiceLine, periods: dict[tuple[int, date | None], ContractPeriod]) -> UnusedFee | None:
    charge = line.charge
    assert charge  # a line of these charges a fee
    period = periods[charge.contract_id, charge.due_on]
    fee, days = period.contract.version.fee, days_of(period)
    assert fee  # its charge came from it
    due = price_of(fee, days, charge.currency) if days is not None else Decimal(0)
    kept = round_half_up(to_minor(due, charge.currency))
    left = line.amount + sum(each.amount for each in line.credited_by.all())
    unused_from = period.first_day if days is None else days.last + timedelta(days=1)
    return UnusedFee(charge, period, line, unused_from, kept, left - kept, is_whole=days is None)
