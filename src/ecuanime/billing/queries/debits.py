"""Direct debits: what can be collected, what is under way, and which entries of a bank are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from ecuanime.billing.models import BankEntry, CollectedInvoice, Collection, Invoice, Mandate
from ecuanime.billing.queries.lists import is_open
from ecuanime.foundation.paging import Page, page_of

MOST_TO_COLLECT = 500
"""How many invoices one file collects at most."""
MOST_UNDER_WAY = 5_000
NEAR = timedelta(days=10)
"""Within so many days of its day money of the same amount is taken for that of a collection."""
State = CollectedInvoice.State


@dataclass(frozen=True)
class DebitsOfEntry:
    """The debits that an entry is the money of, or the one that it takes away. `is_named`: the entry names them."""

    items: tuple[CollectedInvoice, ...]
    is_named: bool

    @property
    def ids(self) -> str:
        """Their ids, as a form sends them."""
        return ",".join(str(item.pk) for item in self.items)


def invoices_to_collect(*, up_to: date) -> list[Invoice]:
    """Open invoices in euro that fall due up to a day, whose client has a mandate and that are not being collected."""
    under_way = CollectedInvoice.objects.filter(invoice=OuterRef("pk"), state=State.OPEN)
    signed = Mandate.objects.filter(client=OuterRef("client"), cancelled_at=None)
    rows = Invoice.objects.filter(is_open(), ~Exists(under_way), Exists(signed), currency="EUR")
    due = rows.filter(Q(due_on__lte=up_to) | Q(due_on__isnull=True))
    return list(due.select_related("client").order_by("due_on", "pk")[:MOST_TO_COLLECT])


def collections_page(*, after: str = "", size: int = 50) -> Page[Collection]:
    """A page of collections, the latest first, each with its count, its total and how many are still under way."""
    rows = Collection.objects.annotate(
        count=Count("items"),
        total=Sum("items__amount"),
        under_way=Count("items", filter=Q(items__state=State.OPEN)),
    )
    return page_of(rows, order=("-id",), after=after, size=size)


def items_of(collection: Collection) -> QuerySet[CollectedInvoice]:
    """What is collected, in the order of the file."""
    return collection.items.select_related("invoice__client", "mandate", "collection", "payment").order_by(
        "pk"
    )


def debits_of(entries: Sequence[BankEntry]) -> dict[int, DebitsOfEntry]:
    """The debits of each entry that waits, where they are found. Two queries for all that there are.

    Money that came is of the debits that its end-to-end reference or its batch names, or of a batch of exactly its
    amount around its day; money that went takes away the collected debit that its references name.
    """
    waiting = [each for each in entries if each.state == BankEntry.State.TO_MATCH and each.currency == "EUR"]
    came = [each for each in waiting if each.matched == 0 and each.amount > 0]
    went = [each for each in waiting if each.amount < 0]
    found = dict(_collected(came)) if came else {}
    return found | (dict(_returned(went)) if went else {})


def _collected(entries: Sequence[BankEntry]) -> Iterable[tuple[int, DebitsOfEntry]]:
    rows = CollectedInvoice.objects.filter(state=State.OPEN).order_by("pk")
    items = list(rows.select_related("collection", "mandate", "invoice__client")[:MOST_UNDER_WAY])
    batches: dict[str, list[CollectedInvoice]] = defaultdict(list)
    for item in items:
        batches[item.batch].append(item)
    alone = {item.end_to_end: item for item in items}
    for entry in entries:
        single = alone.get(entry.end_to_end)
        if single is not None and single.amount == entry.amount:
            yield entry.pk, DebitsOfEntry((single,), is_named=True)
            continue
        for name, together in batches.items():
            if sum(item.amount for item in together) != entry.amount:
                continue
            is_named = name == entry.batch or name in entry.text
            if is_named or abs(together[0].collection.collect_on - entry.booked_on) <= NEAR:
                yield entry.pk, DebitsOfEntry(tuple(together), is_named)
                break


def _returned(entries: Sequence[BankEntry]) -> Iterable[tuple[int, DebitsOfEntry]]:
    named = Q(end_to_end__in=[each.end_to_end for each in entries if each.end_to_end])
    named |= Q(mandate__reference__in=[each.mandate for each in entries if each.mandate])
    rows = CollectedInvoice.objects.filter(named, state=State.COLLECTED).order_by("-pk")
    items = list(rows.select_related("collection", "mandate", "invoice__client")[:MOST_UNDER_WAY])
    for entry in entries:
        for item in items:
            is_its = entry.end_to_end == item.end_to_end or entry.mandate == item.mandate.reference
            if is_its and item.amount == -entry.amount:
                yield entry.pk, DebitsOfEntry((item,), is_named=True)
                break
