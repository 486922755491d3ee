"""What became of the packs that follow others by themselves."""

from __future__ import annotations

from ecuanime.billing.models import NextPack
from ecuanime.contracts.models import Contract


def latest_next_pack(contract: Contract) -> NextPack | None:
    """The last time that a contract's next pack was due: its order, or why there is none. One query."""
    rows = NextPack.objects.filter(lot__contract=contract).select_related("lot", "charge__lot")
    return rows.order_by("-at", "-id").first()
