"""Packs ordered: hours granted now, paid in advance."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_order_packs
from ecuanime.billing.actions.common import require, require_biller
from ecuanime.billing.drafting.writing import add_after, kind_here, new_draft
from ecuanime.billing.models import Charge, Invoice, InvoiceLine
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract, PlanVersion, Unit
from ecuanime.entitlements.actions import (
    PackGrant,
    cancel_revaluation,
    grant_pack,
    locked_lots,
    void_unused,
)
from ecuanime.entitlements.models import Account, Lot, Posting
from ecuanime.entitlements.words import bought_words, quantity_words
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import MINUTES_PER_HOUR

_TAKEN = (Account.USED, Account.TRANSFERRED_OUT, Account.REVALUED)


@transaction.atomic
def order_pack(
    *,
    contract: Contract,
    quantity: int,
    now: datetime,
    by: User,
    idempotency_key: str,
    starts_on: date | None = None,
    usable_at_once: bool = False,
) -> Charge:
    """Grant a pack's lots and draft the advance document that charges them (`charge.lines` leads to it).

    The hours or incidents can be used from the moment the document is issued (a pro-forma where the firm's country
    has no legal pack yet), or at once if asked so. They start on `starts_on`, today unless given. Discarding the
    draft cancels the order. Repeated with the same key it gives the first order back.
    Refused: `not_allowed`, and as `entitlements.grant_pack`.
    """
    require_biller(by)
    usable_from = now if usable_at_once else None
    return place_order(contract, quantity, starts_on, usable_from, idempotency_key, now)


@transaction.atomic
def order_pack_as_client(
    *, contract: Contract, quantity: int, contact: Contact, now: datetime, idempotency_key: str
) -> Charge:
    """The same, asked for by a contact in the portal: the draft waits for somebody of the firm to issue it, and the
    hours wait for that too. Repeated with the same key it gives the first order back.
    Refused: `not_allowed`, and as `entitlements.grant_pack`.
    """
    whose = _("Only your project leads and who sees your invoices buy hours. Ask one of them.")
    require(may_order_packs(contact, contract), whose)
    key = f"portal:{contact.pk}:{idempotency_key}"
    return place_order(contract, quantity, None, None, key, now, contact=contact)


def place_order(
    contract: Contract,
    quantity: int,
    starts_on: date | None,
    usable_from: datetime | None,
    idempotency_key: str,
    now: datetime,
    *,
    contact: Contact | None = None,
    version: PlanVersion | None = None,
) -> Charge:
    """The order itself, whoever asked for it, as `version` sells or else the contract's own; inside a transaction.

    Refused: as `entitlements.grant_pack`.
    """
    grant = grant_pack(
        contract=contract,
        quantity=quantity,
        starts_on=starts_on or local_date(now, contract.time_zone),
        now=now,
        idempotency_key=f"order:{idempotency_key}",
        usable_from=usable_from,
        version=version,
    )
    # The grant has locked the contract, so of two equal orders the second finds the first one's charge.
    known = Charge.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    charge = _charge(contract, grant, quantity, idempotency_key, now)
    facts = {"contract": contract.number, "lot": grant.paid.code, "quantity": quantity}
    record("pack_ordered", charge, now=now, contact=contact.pk if contact else None, **facts)
    _draft(charge, grant, now)
    return charge


def _charge(contract: Contract, grant: PackGrant, quantity: int, key: str, now: datetime) -> Charge:
    is_time = grant.paid.unit == Unit.MINUTES
    with override(contract.client.language):
        description = _("Pack of %(quantity)s") % {"quantity": bought_words(quantity, grant.paid.unit)}
    return Charge.objects.create(
        client=contract.client,
        contract=contract,
        lot=grant.paid,
        description=description,
        minutes=quantity * MINUTES_PER_HOUR if is_time else None,
        units=None if is_time else quantity,
        price=grant.paid.unit_price_paid,
        currency=grant.paid.currency,
        idempotency_key=key,
        created_at=now,
    )


def _draft(charge: Charge, grant: PackGrant, now: datetime) -> Invoice:
    draft = new_draft(charge.client, kind_here(Invoice.Kind.ADVANCE), charge.currency, now)
    line = InvoiceLine(
        kind=InvoiceLine.Kind.PACK,
        description=charge.description,
        detail=_detail(grant, draft.language),
        contract=charge.contract,
        charge=charge,
        minutes_numerator=charge.minutes,
        units=charge.units,
        price=charge.price,
        amount=grant.amount,
    )
    add_after(draft, line)
    record("invoice_drafted", draft, now=now, pack=grant.paid.code, total=draft.total)
    return draft


def _detail(grant: PackGrant, language: str) -> str:
    """The lot, what comes free with it and its last day, in the client's words."""
    locale = formats.locale_for(language, grant.paid.currency)
    with override(language):
        parts = [grant.paid.code]
        if grant.bonus is not None:
            bonus = quantity_words(grant.bonus.granted, grant.bonus.unit)
            parts.append(_("with %(hours)s of bonus") % {"hours": bonus})
        if grant.paid.expires_on:
            parts.append(_("until %(day)s") % {"day": formats.long_date(grant.paid.expires_on, locale)})
    return ", ".join(parts)


def cancel_order(charge: Charge, reason: str, now: datetime) -> None:
    """Void an order's lots, which nobody has used; revalued hours stand expired again. Refused: `pack_used`.

    Hours whose last day is over have expired by themselves: there is nothing left to void.
    """
    if charge.lot is None or charge.cancelled_at is not None:
        return
    locked_lots(charge.contract)
    require_unused(charge.lot)
    cancel = cancel_revaluation if charge.lot.source == Lot.Source.REVALUATION else void_unused
    try:
        cancel(lot=charge.lot, reason=reason, now=now, idempotency_key=f"order:{charge.pk}:cancelled")
    except Refused as refusal:
        if refusal.code != "expired":
            raise
    charge.cancelled_at = now
    charge.save(update_fields=["cancelled_at"])


def require_unused(lot: Lot) -> None:
    """Refuse `pack_used` when hours of a pack or of its bonus were used or go on elsewhere, and say how many."""
    used = Posting.objects.filter(account__in=_TAKEN, lot__in=[lot, *lot.bonuses.filter(is_bonus=True)])
    hundredths = used.aggregate(total=Sum("quantity"))["total"] or 0
    if hundredths:
        raise Refused(
            "pack_used",
            _(
                "%(hours)s of %(code)s were used or moved already, so the pack cannot be cancelled whole. Pay its "
                "unused hours back instead."
            )
            % {
                "hours": formats.hours_of_hundredths(hundredths, formats.locale_for(get_language())),
                "code": lot.code,
            },
        )
