"""Bank entries in pages, and what each of them may pay: a constant number of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from ecuanime.billing.models import TAKEN_OFF, BankEntry, BankMatch, Invoice
from ecuanime.billing.queries.lists import is_open
from ecuanime.clients.models import Client
from ecuanime.foundation.paging import Page, page_of
from ecuanime.rules.matching import Incoming, Ledger, Open, Payer, Suggestion

NEWEST_FIRST = ("-booked_on", "-id")
MOST_OPEN = 5_000
"""How many open invoices of a currency are looked at, the oldest due first."""
MOST_FOUND = 30
"""How many invoices a search for one gives."""


@dataclass(frozen=True)
class Suggested:
    """A suggestion with its invoices, the oldest first, and what each gets in minor units."""

    suggestion: Suggestion
    client: Client
    parts: tuple[tuple[Invoice, int], ...]


def entries_in(state: str = "", *, text: str = "", after: str = "", size: int = 50) -> Page[BankEntry]:
    """A page of entries, the latest booked first; `text` is a part of who sent it or of what they wrote."""
    rows = BankEntry.objects.filter(state=state) if state else BankEntry.objects.all()
    if wanted := text.strip()[:100]:
        rows = rows.filter(Q(text__icontains=wanted) | Q(party_name__icontains=wanted))
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size)


def entry_counts() -> dict[str, int]:
    """How many entries stand in each state, in one query."""
    rows = BankEntry.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(BankEntry.State.values, 0) | dict(rows)


def suggestions_for(entries: Sequence[BankEntry]) -> dict[int, list[Suggested]]:
    """What each entry may pay, or paid back if it went, by its id, the best first. A few queries for all."""
    waiting = [each for each in entries if each.state == BankEntry.State.TO_MATCH and each.left > 0]
    currencies = {each.currency for each in waiting}
    open_invoices = _open_invoices(currencies)
    payers = _payers({each.client for each in open_invoices.values()}, waiting)
    ledgers = {
        currency: Ledger(
            [
                Open(each.pk, each.number or "", each.owed, each.client_id)
                for each in open_invoices.values()
                if each.currency == currency
            ],
            payers,
        )
        for currency in currencies
    }
    suggested = {
        each.pk: [
            _suggested(found, open_invoices) for found in ledgers[each.currency].suggestions(_money(each))
        ]
        for each in waiting
    }
    return suggested | _refunds(entries)


def _refunds(entries: Sequence[BankEntry]) -> dict[int, list[Suggested]]:
    """What money that went may have paid back, to the cent: invoices paid beyond what they owe. Three queries more."""
    went = [each for each in entries if each.state == BankEntry.State.OUT and each.left < 0]
    if not went:
        return {}
    currencies = {each.currency for each in went}
    rows = _overpaid(currencies).prefetch_related(Prefetch("corrections", to_attr="notes"))
    overpaid = {each.pk: each for each in rows.defer("issuer", "customer", "texts")[:MOST_OPEN]}
    payers = _payers({each.client for each in overpaid.values()}, went)
    found: dict[int, list[Suggested]] = {}
    for entry in went:
        of_currency = [each for each in overpaid.values() if each.currency == entry.currency]
        ledger = Ledger(
            [Open(each.pk, each.number or "", -each.owed, each.client_id) for each in of_currency], payers
        )
        text = " ".join([entry.text, entry.end_to_end, *_named_by_notes(entry.text, of_currency)])
        money = Incoming(-entry.left, text, entry.reference, entry.party_name, entry.party_account)
        exact = [each for each in ledger.suggestions(money) if not each.rest]
        if exact:
            found[entry.pk] = [_suggested(each, overpaid) for each in exact]
    return found


def _named_by_notes(text: str, invoices: Sequence[Invoice]) -> list[str]:
    """The numbers of those invoices whose credit notes a text names."""
    return [
        each.number or ""
        for each in invoices
        if any(note.number and note.number in text for note in vars(each)["notes"])
    ]


def _overpaid(currencies: set[str]) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(state=Invoice.State.ISSUED, corrects=None, currency__in=currencies)
    return rows.filter(total__lt=TAKEN_OFF).exclude(kind=Invoice.Kind.REPLACEMENT).select_related("client")


def paid_invoices_like(text: str, currency: str) -> list[Invoice]:
    """Invoices on which something was paid, by a part of their number, of a credit note's or of their client's name."""
    wanted = text.replace("\0", "").strip()[:100]
    if not wanted:
        return []
    like = Q(number__icontains=wanted) | Q(client__name__icontains=wanted) | Q(client__code__iexact=wanted)
    like |= Q(pk__in=Invoice.objects.filter(number__icontains=wanted).values("corrects"))
    rows = Invoice.objects.filter(
        like, currency=currency, state=Invoice.State.ISSUED, corrects=None, paid__gt=0
    )
    return list(rows.select_related("client").order_by("-issued_on", "-pk")[:MOST_FOUND])


def open_invoices_like(text: str, currency: str) -> list[Invoice]:
    """Open invoices of a currency by a part of their number or of their client's name, the oldest due first."""
    wanted = text.replace("\0", "").strip()[:100]
    if not wanted:
        return []
    like = Q(number__icontains=wanted) | Q(client__name__icontains=wanted) | Q(client__code__iexact=wanted)
    return list(_oldest_first(Invoice.objects.filter(like, currency=currency))[:MOST_FOUND])


def invoices_named(ids: Sequence[int], currency: str) -> dict[int, Invoice]:
    """The issued invoices of a currency among some ids, open or not: what is said of them is for the action."""
    rows = Invoice.objects.filter(pk__in=ids, currency=currency, state=Invoice.State.ISSUED)
    return {each.pk: each for each in rows.select_related("client").order_by("due_on", "pk")}


def matches_of(entry: BankEntry) -> QuerySet[BankMatch]:
    """What was noted from an entry, what was taken back too, with invoice and client."""
    return entry.matches.select_related("payment__invoice", "payment__client", "payment__recorded_by")


def _oldest_first(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return rows.filter(is_open()).select_related("client").order_by("due_on", "pk")


def _open_invoices(currencies: set[str]) -> dict[int, Invoice]:
    rows = _oldest_first(Invoice.objects.filter(currency__in=currencies))
    return {each.pk: each for each in rows.defer("issuer", "customer", "texts")[:MOST_OPEN]}


def _payers(clients: set[Client], waiting: Sequence[BankEntry]) -> list[Payer]:
    """The clients with what is open, what they are called, and those accounts of the entries that they paid from."""
    asked = {each.party_account for each in waiting} - {""}
    paid_from: dict[int, set[str]] = defaultdict(set)
    known = BankMatch.objects.filter(undone_at=None, entry__party_account__in=asked).order_by()
    for client, account in known.values_list("payment__client", "entry__party_account").distinct():
        paid_from[client].add(account)
    return [
        Payer(
            each.pk, tuple(filter(None, {each.name, each.legal_name})), frozenset(paid_from.get(each.pk, ()))
        )
        for each in clients
    ]


def _money(entry: BankEntry) -> Incoming:
    return Incoming(
        amount=entry.left,
        text=f"{entry.text} {entry.end_to_end}",
        reference=entry.reference,
        name=entry.party_name,
        account=entry.party_account,
    )


def _suggested(found: Suggestion, invoices: Mapping[int, Invoice]) -> Suggested:
    parts = tuple((invoices[pk], amount) for pk, amount in found.parts)
    return Suggested(found, parts[0][0].client, parts)
