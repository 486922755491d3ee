"""What a contract's overdraft account stands at: what is owed, and what which settlement has paid of it."""

from __future__ import annotations

from django.db.models import Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.rules import overdraft


def overdraft_of(contract: Contract) -> overdraft.Account:
    """The account as `rules.overdraft` takes it, in three queries; what returned to its lots is no longer settled."""
    owed = Lot.objects.filter(contract=contract, source=Lot.Source.OVERDRAFT).values_list("owed", flat=True)
    paid = Posting.objects.filter(account=Account.TRANSFERRED_OUT, movement__contract=contract)
    returned = dict(
        paid.filter(movement__corrects__kind=Movement.Kind.SETTLEMENT)
        .order_by()
        .values_list("movement__corrects")
        .annotate(total=Sum("quantity"))
    )
    rows = paid.filter(movement__kind=Movement.Kind.SETTLEMENT).order_by("-movement_id")
    settled = (
        overdraft.Settled(movement, lot, quantity + returned.get(movement, 0))
        for movement, lot, quantity in rows.values_list("movement_id", "lot_id", "quantity")
    )
    return overdraft.Account(owed.first() or 0, tuple(each for each in settled if each.hundredths))
