"""Advance invoices over money: charged before the work, deducted from the invoice over it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, locked_draft, locked_issued, require_biller
from ecuanime.billing.actions.issuing.documents import issue_locked
from ecuanime.billing.actions.money.payments import money_of
from ecuanime.billing.drafting.discounts import TAX_OF_A_LINE
from ecuanime.billing.drafting.taxing import write_totals
from ecuanime.billing.drafting.writing import add_after, kind_here, new_draft
from ecuanime.billing.models import Invoice, InvoiceLine, TaxRate
from ecuanime.billing.queries.advances import left_of
from ecuanime.clients.models import Client
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.advances import deductible
from ecuanime.rules.money import currency_exponent

DEDUCTIONS_FROM = 30_000
"""Advances are taken off after all that is charged and its discount."""


@transaction.atomic
def charge_advance(
    *,
    client: Client,
    currency: str,
    description: str,
    amount: int,
    by: User,
    now: datetime,
    idempotency_key: str,
    tax_rate: TaxRate | None = None,
) -> Invoice:
    """Draft an advance invoice over an amount before tax, in minor units: a retainer, a guarantee, a part.

    The same key again gives the first draft back. Refused: `not_allowed`, `no_description`, `no_amount`.
    """
    require_biller(by)
    owner, key = locked_client(client), f"advance:{idempotency_key}"
    known = Invoice.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    words = " ".join(description.split())[:300]
    if not words:
        raise Refused("no_description", _("Say what the line is for: the client reads it."))
    if amount <= 0:
        raise Refused("no_amount", _("Give an amount above zero."))
    return _draft_advance(owner, currency, words, amount, key, now, tax_rate=tax_rate)


@transaction.atomic
def charge_guarantee(
    *,
    client: Client,
    currency: str,
    description: str,
    amount: int,
    is_counted: bool,
    now: datetime,
    idempotency_key: str,
) -> Invoice:
    """Charge the guarantee of an emergency in advance, as its client accepted it: nobody else is asked.

    The document is issued at once. Where something keeps it from that (a missing address, say) it stays a draft, for
    somebody of billing to issue. One that does not count is kept: no invoice deducts it. The same key again gives the
    first document back.
    """
    owner, key = locked_client(client), f"guarantee:{idempotency_key}"
    known = Invoice.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    draft = _draft_advance(owner, currency, description[:300], amount, key, now, is_kept=not is_counted)
    try:
        with transaction.atomic():
            return issue_locked(locked_draft(draft), now)
    except Refused:
        return draft


def _draft_advance(
    owner: Client,
    currency: str,
    words: str,
    amount: int,
    key: str,
    now: datetime,
    *,
    tax_rate: TaxRate | None = None,
    is_kept: bool = False,
) -> Invoice:
    draft = new_draft(owner, kind_here(Invoice.Kind.ADVANCE), currency, now)
    draft.idempotency_key = key
    draft.save(update_fields=["idempotency_key"])
    line = InvoiceLine(
        kind=InvoiceLine.Kind.ADVANCE,
        description=words,
        units=1,
        price=Decimal(amount).scaleb(-currency_exponent(currency)),
        amount=amount,
        is_kept=is_kept,
    )
    add_after(draft, line, tax_rate)
    record("invoice_drafted", draft, now=now, advance=words, total=draft.total)
    return draft


@transaction.atomic
def deduct_advance(
    *, invoice: Invoice, advance: InvoiceLine, by: User, now: datetime, amount: int | None = None
) -> InvoiceLine:
    """Take an issued advance off a draft at the advance's own tax: as much as fits, or `amount` (before tax).

    Deducting the same advance again replaces what was deducted before.
    Refused: `not_allowed`, `issued`, `not_an_advance` (of this client and currency), `kept`, `used_up`,
    `nothing_to_deduct` (the draft charges nothing at that tax), `above_advance`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    paid = locked_issued(advance.invoice)
    whose = (paid.client_id, paid.currency, advance.kind, paid.corrects_id)
    if whose != (draft.client_id, draft.currency, InvoiceLine.Kind.ADVANCE, None):
        raise Refused("not_an_advance", _("This is no advance of the draft's client in its currency."))
    if advance.is_kept:
        raise Refused("kept", _("It was agreed that this guarantee does not count toward the fees."))
    draft.lines.filter(deducts=advance).delete()
    left = left_of(advance)
    if left <= 0:
        raise Refused("used_up", _("Nothing is left of this advance: other invoices deduct it."))
    base = sum(line.amount for line in draft.lines.filter(tax_code=advance.tax_code))
    most = deductible(left, base)
    if most == 0:
        raise Refused(
            "nothing_to_deduct",
            _("The draft charges nothing at the advance's tax, so nothing can be taken off."),
        )
    wanted = most if amount is None else amount
    if not 0 < wanted <= most:
        raise Refused(
            "above_advance",
            _("At most %(most)s can be taken off here.") % {"most": money_of(most, draft.currency)},
        )
    line = _deduct(draft, advance, paid, wanted)
    write_totals(draft)
    record("advance_deducted", draft, now=now, advance=paid.number, amount=wanted)
    return line


def _deduct(draft: Invoice, advance: InvoiceLine, paid: Invoice, amount: int) -> InvoiceLine:
    locale = formats.locale_for(draft.language, draft.currency)
    with override(draft.language):
        words = _("Advance %(number)s of %(day)s, deducted") % {
            "number": paid.number,
            "day": formats.long_date(paid.issued_on, locale) if paid.issued_on else "",
        }
    place = draft.lines.filter(position__gte=DEDUCTIONS_FROM).order_by("-position").first()
    return InvoiceLine.objects.create(
        invoice=draft,
        position=place.position + 1 if place else DEDUCTIONS_FROM,
        kind=InvoiceLine.Kind.DEDUCTED,
        description=words,
        detail=advance.description,
        units=1,
        price=Decimal(-amount).scaleb(-currency_exponent(draft.currency)),
        amount=-amount,
        deducts=advance,
        **{name: getattr(advance, name) for name in TAX_OF_A_LINE},
    )
