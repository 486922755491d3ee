"""The next pack, ordered by itself when one nears its end. See docs/rules/packs.md."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.billing.actions.prepaid.orders import place_order
from ecuanime.billing.letters import write_next_pack
from ecuanime.billing.models import Charge, NextPack
from ecuanime.contracts.actions import refuse_sale
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import newest_version
from ecuanime.entitlements.actions import locked_lots
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import size_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date


@transaction.atomic
def order_next_pack(*, lot: Lot, now: datetime) -> NextPack | None:
    """Order, once, a pack of the size of a bought one that nears its end, at today's price of its plan, and say so.

    The hours wait for the advance document, as in any order. What keeps it from being ordered is kept for the
    supervisor, and asked anew at the lot's next notice. None where the contract does not ask for it, the lot was not
    bought as a pack, or a later one was.
    """
    lots = locked_lots(lot.contract)
    contract = Contract.objects.select_related("client", "version__plan").get(pk=lot.contract_id)
    known = NextPack.objects.filter(lot=lot).first()
    if known is not None and known.charge_id is not None:
        return known
    if not contract.renews_pack or lot.source != Lot.Source.PURCHASE or _is_followed(lot, lots):
        return None
    try:
        with transaction.atomic():
            charge = _order_today(contract, lot, now)
    except Refused as refusal:
        if refusal.code not in NextPack.Refusal:
            raise
        return _keep_refusal(lot, refusal.code, now)
    ordered, _is_new = NextPack.objects.update_or_create(
        lot=lot, defaults={"charge": charge, "refusal": "", "at": now}
    )
    write_next_pack(ordered, now=now)
    return ordered


def _is_followed(lot: Lot, lots: list[Lot]) -> bool:
    """Whether a later pack was bought, and not cancelled."""
    bought = (other for other in lots if other.source == Lot.Source.PURCHASE and other.voided_at is None)
    return any(other.pk > lot.pk for other in bought)


def _order_today(contract: Contract, lot: Lot, now: datetime) -> Charge:
    """Refused: `inactive_client`, `withdrawn`, `other_currency`, and as `entitlements.grant_pack`."""
    today, version = local_date(now, contract.time_zone), newest_version(contract.version.plan)
    refuse_sale(contract.client, version, today, None)
    if version.currency != lot.currency:
        raise Refused(
            "other_currency", _("The plan is sold in another currency now. Order the pack yourself.")
        )
    return place_order(contract, size_of(lot), today, None, f"next:{lot.pk}", now, version=version)


def _keep_refusal(lot: Lot, code: str, now: datetime) -> NextPack:
    kept, is_new = NextPack.objects.get_or_create(lot=lot, defaults={"refusal": code, "at": now})
    if is_new or kept.refusal != code:
        kept.refusal, kept.at = code, now
        kept.save(update_fields=["refusal", "at"])
        record("next_pack_refused", kept, now=now, lot=lot.code, contract=lot.contract.number, why=code)
    return kept
