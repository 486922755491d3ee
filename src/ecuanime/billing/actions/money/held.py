"""Money held for clients: deposits, and what came above what was owed, until it is applied or given back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, locked_issued, require_biller
from ecuanime.billing.actions.money.payments import keep, money_of, refuse_future, refuse_payment, refuse_rate
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.models import Invoice, Payment
from ecuanime.clients.models import Client
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def record_deposit(
    *,
    client: Client,
    currency: str,
    amount: int,
    received_on: date,
    by: User,
    now: datetime,
    idempotency_key: str,
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
    exchange_rate: Decimal | None = None,
) -> Payment:
    """Note money that came before or without an invoice, in minor units; it is held for the client.

    A negative amount gives held money back. The same key again gives the first one back.
    Refused: `not_allowed`, `no_amount`, `above_held`, `future`, `reference_used`, `key_reused`.
    """
    require_biller(by)
    return note_deposit(
        client=client,
        currency=currency,
        amount=amount,
        received_on=received_on,
        by=by,
        now=now,
        idempotency_key=idempotency_key,
        method=method,
        reference=reference,
        exchange_rate=exchange_rate,
    )


@transaction.atomic
def note_deposit(
    *,
    client: Client,
    currency: str,
    amount: int,
    received_on: date,
    by: User | None,
    now: datetime,
    idempotency_key: str,
    method: str,
    reference: str,
    exchange_rate: Decimal | None = None,
) -> Payment:
    """The same without asking who may: for what is proved to have happened, which nobody of the firm decides (None).

    Refused: as `record_deposit`, but `not_allowed`.
    """
    owner = locked_client(client)
    before = Payment.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _same(before, owner, amount)
    if amount == 0:
        raise Refused("no_amount", _("Give an amount other than zero."))
    refuse_future(received_on, now)
    refuse_rate(exchange_rate)
    _refuse_above(owner, currency, -amount)
    payment = Payment(
        client=owner,
        currency=currency,
        kind=Payment.Kind.RECEIVED if amount > 0 else Payment.Kind.RETURNED,
        received_on=received_on,
        amount=amount,
        method=method,
        reference=" ".join(reference.split())[:120],
        exchange_rate=exchange_rate,
        idempotency_key=idempotency_key,
    )
    return keep(payment, None, payment, by, now)


@transaction.atomic
def apply_held(
    *, invoice: Invoice, by: User, now: datetime, idempotency_key: str, amount: int | None = None
) -> Payment:
    """Pay a document with money that is held for its client: as much as both allow, or `amount`.

    Gives the payment on the document; the same key again gives the first one back.
    Refused: `not_allowed`, `not_issued`, `is_correction`, `nothing_held`, `above_held`, `above_owed`, `no_amount`.
    """
    require_biller(by)
    owner = locked_client(invoice.client)
    issued = locked_issued(invoice)
    before = Payment.objects.filter(idempotency_key=idempotency_key, invoice=issued).first()
    if before is not None:
        return before
    held = held_in(owner, issued.currency)
    if held <= 0:
        raise Refused("nothing_held", _("No money is held for this client."))
    wanted = min(held, max(issued.owed, 0)) if amount is None else amount
    refuse_payment(issued, wanted, today_at_firm(now), now)
    _refuse_above(owner, issued.currency, wanted)
    return _move(issued, wanted, by, now, idempotency_key)


@transaction.atomic
def hold_overpaid(*, invoice: Invoice, by: User, now: datetime) -> Payment:
    """Hold for the client what a document was paid beyond what it owes; gives the row on the document.

    Refused: `not_allowed`, `not_issued`, `nothing_over`.
    """
    require_biller(by)
    locked_client(invoice.client)
    issued = locked_issued(invoice)
    if issued.owed >= 0:
        raise Refused("nothing_over", _("This document was not paid beyond what it owes."))
    count = issued.payments.filter(kind=Payment.Kind.APPLIED).count()
    return _move(issued, issued.owed, by, now, f"held:{issued.pk}:{count}")


def _move(issued: Invoice, amount: int, by: User, now: datetime, key: str) -> Payment:
    """From what is held to a document, or back when negative: two rows that sum to zero."""
    on_document, held = (
        Payment(
            kind=Payment.Kind.APPLIED,
            received_on=today_at_firm(now),
            amount=part,
            method=Payment.Method.OTHER,
            idempotency_key=each,
        )
        for part, each in ((amount, key), (-amount, f"{key}:held"))
    )
    keep(on_document, issued, issued, by, now)
    held.about = on_document
    keep(held, None, issued, by, now)
    return on_document


def _refuse_above(client: Client, currency: str, wanted: int) -> None:
    held = held_in(client, currency)
    if wanted > 0 and wanted > held:
        raise Refused(
            "above_held",
            _("Only %(held)s are held for this client.") % {"held": money_of(max(held, 0), currency)},
        )


def _same(before: Payment, client: Client, amount: int) -> Payment:
    if (before.client_id, before.amount) != (client.pk, amount):
        raise Refused(
            "key_reused",
            _("This was already noted in another way. Nothing was changed; reload and look at it again."),
        )
    return before
