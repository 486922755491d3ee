"""What is left when a contract ends: hours, work not decided, what is not invoiced, and what its client owes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecuanime.billing.models import Charge, Invoice, InvoiceLine
from ecuanime.billing.queries.runs import unbilled_segments
from ecuanime.billing.queries.totals import Receivables, receivables
from ecuanime.billing.queries.unused import UnusedFee, unused_fees
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.queries import Balance, balance_of
from ecuanime.rules.money import round_half_up
from ecuanime.staff.queries import today_at_firm
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries.contracts import held_segments, open_time, time_after


@dataclass(frozen=True)
class Left:
    """What a contract leaves behind. `unbilled` is in minor units of its currency, before tax.

    `held_count` are its approved entries of which a part waits for a person, `fees` what is not charged yet, and
    `drafts` the documents with lines of it that are not issued. `unused_fees` were invoiced for days after its last.
    """

    balance: Balance
    open_time: list[TimeEntry]
    late_count: int
    unbilled: int
    unbilled_count: int
    held_count: int
    fees: list[Charge]
    drafts: list[Invoice]
    unused_fees: list[UnusedFee]
    receivables: list[Receivables]


def left_of(contract: Contract, *, now: datetime) -> Left:
    """What a contract leaves behind as things stand; a constant number of queries."""
    today = today_at_firm(now)
    segments = list(unbilled_segments(today).filter(rating__contract=contract))
    amount = sum((amount_of_segment(segment) for segment in segments), Fraction(0))
    return Left(
        balance=balance_of(contract, now=now),
        open_time=list(open_time(contract)[:200]),
        late_count=time_after(contract).count(),
        unbilled=round_half_up(amount),
        unbilled_count=len({segment.rating_id for segment in segments}),
        held_count=held_segments(contract).order_by().values("rating").distinct().count(),
        fees=list(
            contract.charges.filter(is_billed=False, cancelled_at__isnull=True).order_by("due_on", "id")
        ),
        unused_fees=unused_fees(contract),
        drafts=list(_drafts_of(contract)),
        receivables=receivables(today=today, client=contract.client),
    )


def _drafts_of(contract: Contract) -> QuerySet[Invoice]:
    lines = InvoiceLine.objects.filter(Q(contract=contract) | Q(charge__contract=contract))
    drafts = Invoice.objects.filter(client=contract.client_id, state=Invoice.State.DRAFT)
    return drafts.filter(Exists(lines.filter(invoice=OuterRef("pk")))).order_by("id")
