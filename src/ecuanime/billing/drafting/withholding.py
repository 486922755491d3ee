"""What the customer of a document keeps back of it, and what a credit note gives back of that."""

from __future__ import annotations

from collections.abc import Iterable

from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.documents.parties import as_seen_by_law, customer_of, issuer_of
from ecuanime.billing.documents.withheld import Share, withheld_of_each
from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.billing.packs import Withholding, WithholdingChoice, pack_for
from ecuanime.billing.packs.reasons import Why
from ecuanime.rules.calendars import local_date
from ecuanime.rules.withholding import Bears, Part, withheld_on, withholding_base
from ecuanime.staff.queries import the_firm

NONE = "none"
_BEARS = {
    InvoiceLine.Kind.GOODS: Bears.GOODS,
    InvoiceLine.Kind.DISCOUNT: Bears.DISCOUNT,
    InvoiceLine.Kind.DEDUCTED: Bears.DEDUCTED,
}
FIELDS = (
    "withheld_percent",
    "withheld_name",
    "withheld_why",
    "withheld_base",
    "withheld",
    "withheld_parts",
)


def withholdings() -> dict[str, Withholding]:
    """The rates of the firm's country by code."""
    return {rate.code: rate for rate in pack_for(the_firm().country).withholdings()}


def withholding_of(invoice: Invoice) -> WithholdingChoice:
    """What a person chose for a draft, else what the pack of the firm's country says."""
    if invoice.chosen_withholding:
        return WithholdingChoice(withholdings().get(invoice.chosen_withholding), Why.CHOSEN)
    firm = the_firm()
    issuer, customer = as_seen_by_law(issuer_of(firm)), as_seen_by_law(customer_of(invoice.client))
    on = local_date(invoice.created_at, firm.time_zone)
    return pack_for(firm.country).withholding_for(issuer, customer, on)


def part_of(line: InvoiceLine, amount: int) -> Part:
    """A line, or what is left of it, as the rule takes it."""
    return Part(line.tax_code, amount, _BEARS.get(InvoiceLine.Kind(line.kind), Bears.INCOME))


def write_withholding(invoice: Invoice, lines: Iterable[InvoiceLine]) -> Invoice:
    """Note on a draft what its customer keeps back; its total stays."""
    choice = withholding_of(invoice)
    base = withholding_base(part_of(line, line.amount) for line in lines)
    rate = choice.rate if base else None
    invoice.withheld_percent = rate.percent if rate else None
    invoice.withheld_name, invoice.withheld_why = rate.name if rate else "", choice.why
    invoice.withheld_base = base if rate else 0
    held = [(share, withheld_on(share[1], base)) for share in rate.shares] if rate else []
    return _write_parts(invoice, held)


def _write_parts(invoice: Invoice, held: list[tuple[Share, int]]) -> Invoice:
    """Keep what is withheld; one tax alone needs no parts."""
    invoice.withheld = sum(amount for _share, amount in held)
    invoice.withheld_parts = (
        [[name, f"{percent.normalize():f}", amount] for (name, percent), amount in held]
        if len(held) > 1
        else []
    )
    invoice.save(update_fields=FIELDS)
    return invoice


def write_withholding_back(note: Invoice, original: Invoice) -> Invoice:
    """Give back, on a credit note, what is withheld beyond the rate on what is left of the lines."""
    percent = original.withheld_percent
    if percent is None:
        return note
    lines = original.lines.prefetch_related(standing_credits())
    left = withholding_base(
        part_of(line, line.amount + sum(each.amount for each in line.credited_by.all())) for line in lines
    )
    before = [row for row in original.corrections.filter(annulled_at=None) if row.pk != note.pk]
    note.withheld_percent, note.withheld_name, note.withheld_why = (
        percent,
        original.withheld_name,
        original.withheld_why,
    )
    note.withheld_base = left - original.withheld_base - sum(row.withheld_base for row in before)
    taken = [dict(withheld_of_each(row)) for row in before]
    held = [
        (share, withheld_on(share[1], left) - amount - sum(each.get(share, 0) for each in taken))
        for share, amount in withheld_of_each(original)
    ]
    return _write_parts(note, held)
