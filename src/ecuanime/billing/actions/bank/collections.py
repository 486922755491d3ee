"""Invoices collected by direct debit: the file for the bank, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import (
    locked_client,
    locked_issued,
    require_biller,
    require_reason,
)
from ecuanime.billing.actions.money.disputes import dispute_payment, settle_dispute
from ecuanime.billing.actions.money.held import record_deposit
from ecuanime.billing.actions.money.payments import record_payment
from ecuanime.billing.debits.pain import Creditor, Debit, as_pain
from ecuanime.billing.models import CollectedInvoice, Collection, CreditorSettings, Invoice, Mandate, Payment
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.rules.calendars import add_months, local_date
from ecuanime.rules.sepa import is_target_day, next_target_day
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm, today_at_firm

State = CollectedInvoice.State
LAPSES_AFTER_MONTHS = 36
"""A mandate that was not used for so long has lapsed, as both rulebooks say (EPC016-06, EPC222-07)."""


@transaction.atomic
def collect_invoices(
    *, invoices: Sequence[Invoice], collect_on: date, by: User, now: datetime, idempotency_key: str
) -> Collection:
    """Write the file that collects what these invoices owe, each by its client's mandate, on a day to come.

    The same key again gives the first collection back. Refused: `not_allowed`, `no_creditor`, `nothing_chosen`,
    `too_soon`, `closed_day` (the banks' system is closed), and for each invoice `not_euro`, `nothing_owed`,
    `no_mandate`, `mandate_lapsed`, `mandate_used` (signed for one collection alone), `under_way`.
    """
    require_biller(by)
    known = Collection.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    creditor = _creditor()
    if not invoices:
        raise Refused("nothing_chosen", _("Choose at least one invoice."))
    if collect_on <= today_at_firm(now):
        raise Refused("too_soon", _("The bank needs a day at least: choose one that is to come."))
    if not is_target_day(collect_on):
        locale = formats.locale_for(get_language())
        raise Refused(
            "closed_day",
            _("Banks do not collect on %(day)s. The next day on which they do is %(next)s.")
            % {
                "day": formats.long_date(collect_on, locale),
                "next": formats.long_date(next_target_day(collect_on), locale),
            },
        )
    for client in sorted({each.client for each in invoices}, key=lambda each: each.pk):
        locked_client(client)
    locked = [locked_issued(each) for each in sorted(invoices, key=lambda each: each.pk)]
    number = _number(now)
    items = [_item(each, number, collect_on) for each in locked]
    _refuse_twice(items)
    content = as_pain(number, creditor, [_debit(each) for each in items], collect_on=collect_on, made_at=now)
    collection = Collection.objects.create(
        number=number,
        collect_on=collect_on,
        file=store(content),
        idempotency_key=idempotency_key,
        created_at=now,
        created_by=by,
    )
    for item in items:
        item.collection = collection
        item.save(force_insert=True)
    total = sum(item.amount for item in items)
    record("collection_made", collection, now=now, number=number, invoices=len(items), total=total)
    return collection


@transaction.atomic
def note_collected(
    *, items: Sequence[CollectedInvoice], collected_on: date, by: User, now: datetime
) -> list[Payment]:
    """Note that the bank paid what was collected, by hand; what is collected already is left as it is.

    What an invoice does not owe any more is held for its client. Refused: as `record_payment`.
    """
    require_biller(by)
    return [pay_item(item, collected_on, by, now) for item in locked_items(items) if item.state == State.OPEN]


@transaction.atomic
def note_returned(
    *, item: CollectedInvoice, reason: str, returned_on: date, by: User, now: datetime
) -> Payment | None:
    """Note that a debit came back, or was turned down: its invoice owes the money again. Again is a no-op.

    Gives the row that withdraws the money; None where it was never paid.
    Refused: `not_allowed`, `no_reason`, `withdrawn`, and as `dispute_payment`.
    """
    require_biller(by)
    reason = require_reason(reason)
    [found] = locked_items([item])
    if found.state == State.RETURNED:
        return None
    if found.state == State.CANCELLED:
        raise Refused("withdrawn", _("It was withdrawn: the bank was not to collect it."))
    withdrawn: Payment | None = None
    if found.payment is not None and found.payment.invoice is None:
        withdrawn = _give_back(found, returned_on, by, now)
    elif found.payment is not None:
        dispute = dispute_payment(
            payment=found.payment, reason=reason, disputed_on=returned_on, by=by, now=now
        )
        settle_dispute(dispute=dispute, is_won=False, settled_on=returned_on, by=by, now=now)
        withdrawn = dispute.withdrawn
    _decide(found, State.RETURNED, reason, now)
    return withdrawn


@transaction.atomic
def withdraw_collection(*, collection: Collection, by: User, now: datetime) -> Collection:
    """Say that the bank will not collect what is still under way: the file was not sent, or was called back."""
    require_biller(by)
    for item in locked_items(list(collection.items.all())):
        if item.state == State.OPEN:
            _decide(item, State.CANCELLED, "", now)
    return collection


def _give_back(item: CollectedInvoice, on: date, by: User, now: datetime) -> Payment:
    """Take what was held of a debit, since its invoice was paid in another way, out of what is held."""
    return record_deposit(
        client=item.invoice.client,
        currency=item.invoice.currency,
        amount=-item.amount,
        received_on=on,
        by=by,
        now=now,
        idempotency_key=f"returned:{item.pk}",
        method=Payment.Method.DIRECT_DEBIT,
    )


def pay_item(item: CollectedInvoice, on: date, by: User, now: datetime) -> Payment:
    """Note the payment of a locked item that is under way."""
    attempts = Payment.objects.filter(idempotency_key__startswith=f"debit:{item.pk}:").count()
    payment = record_payment(
        invoice=item.invoice,
        amount=item.amount,
        received_on=on,
        by=by,
        now=now,
        idempotency_key=f"debit:{item.pk}:{attempts}",
        method=Payment.Method.DIRECT_DEBIT,
        reference=item.end_to_end,
        keep_rest=True,
    )
    item.payment = payment
    _decide(item, State.COLLECTED, "", now)
    return payment


def locked_items(items: Sequence[CollectedInvoice]) -> list[CollectedInvoice]:
    """The items as they stand, locked in the order of their ids, after their clients."""
    ids = sorted(item.pk for item in items)
    rows = CollectedInvoice.objects.select_related("invoice__client", "mandate", "collection", "payment")
    found = list(rows.filter(pk__in=ids))
    for client in sorted({each.invoice.client for each in found}, key=lambda each: each.pk):
        locked_client(client)
    return list(rows.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))


def _decide(item: CollectedInvoice, state: str, reason: str, now: datetime) -> None:
    item.state, item.reason = state, reason[:120]
    item.save(update_fields=["state", "reason", "payment"])
    record("debit_decided", item, now=now, state=state, reason=reason, end_to_end=item.end_to_end)


def _creditor() -> Creditor:
    firm, kept = the_firm(), CreditorSettings.objects.first()
    if kept is None or not firm.iban:
        raise Refused(
            "no_creditor",
            _(
                "Nothing can be collected without the firm's IBAN and its creditor identifier. Set them up first."
            ),
        )
    return Creditor(firm.name, firm.iban, kept.creditor_id, kept.bic)


def _number(now: datetime) -> str:
    """`R20261130-2`: the second one of a day, counted with the firm's row locked."""
    firm = Firm.objects.select_for_update(no_key=True).get()
    day = local_date(now, firm.time_zone)
    return f"R{day:%Y%m%d}-{Collection.objects.filter(number__startswith=f'R{day:%Y%m%d}-').count() + 1}"


def _item(invoice: Invoice, number: str, collect_on: date) -> CollectedInvoice:
    mandate = Mandate.objects.filter(client=invoice.client_id, cancelled_at=None).first()
    facts = {"number": invoice.number}
    if invoice.currency != "EUR":
        raise Refused("not_euro", _("%(number)s is not in euro, and nothing else can be collected.") % facts)
    if invoice.owed <= 0:
        raise Refused("nothing_owed", _("%(number)s owes nothing any more.") % facts)
    if mandate is None:
        raise Refused("no_mandate", _("The client of %(number)s has no mandate.") % facts)
    if add_months(_last_used(mandate), LAPSES_AFTER_MONTHS) < collect_on:
        raise Refused(
            "mandate_lapsed",
            _(
                "The mandate of the client of %(number)s was not used for 36 months, so it lapsed. Ask for a new one."
            )
            % facts,
        )
    if mandate.is_once and mandate.collected.filter(state__in=(State.OPEN, State.COLLECTED)).exists():
        raise Refused(
            "mandate_used",
            _(
                "The client of %(number)s signed for one collection alone, which is used. Ask for a new mandate."
            )
            % facts,
        )
    if invoice.collected.filter(state=State.OPEN).exists():
        raise Refused("under_way", _("%(number)s is being collected already.") % facts)
    return CollectedInvoice(
        invoice=invoice, mandate=mandate, amount=invoice.owed, end_to_end=f"{number}-{invoice.pk}"
    )


def _refuse_twice(items: Sequence[CollectedInvoice]) -> None:
    """A mandate for one collection collects one invoice. Refused: `mandate_used`."""
    once = [item.mandate_id for item in items if item.mandate.is_once]
    if len(once) != len(set(once)):
        raise Refused(
            "mandate_used", _("A mandate for one collection collects one invoice alone. Choose one of them.")
        )


def _last_used(mandate: Mandate) -> date:
    """The last day that something was collected by a mandate; before the first time the day it was signed."""
    used = mandate.collected.exclude(state=State.CANCELLED).aggregate(last=Max("collection__collect_on"))
    return used["last"] or mandate.signed_on


def _debit(item: CollectedInvoice) -> Debit:
    return Debit(
        end_to_end=item.end_to_end,
        cents=item.amount,
        scheme=item.mandate.scheme,
        is_once=item.mandate.is_once,
        mandate=item.mandate.reference,
        signed_on=item.mandate.signed_on,
        holder=item.mandate.holder,
        iban=item.mandate.iban,
        bic=item.mandate.bic,
        text=item.invoice.number or "",
    )
