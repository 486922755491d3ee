"""A full invoice in place of simplified ones, for a client who asks for it once they are named (Spain's F3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.actions.issuing.documents import issue_locked
from ecuanime.billing.crediting.replacing import replaceable, restated_lines, restated_taxes
from ecuanime.billing.models import Invoice, InvoiceLine, TaxLine
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm


@transaction.atomic
def replace_simplified(*, invoices: Sequence[Invoice], by: User, now: datetime) -> Invoice:
    """Issue a full invoice in place of simplified ones (RD 1619/2012, art. 7.2), at once.

    It restates them: they stay as they were declared, and are owed and paid as before; neither the account, nor the
    journal, nor what is declared counts anything twice. Repeated with the same ones, it gives the first back.
    Refused: `not_allowed`, `nothing_chosen`, `no_nif` (the client is still not named), `other_client` (of another
    client or currency), `replaced`, `not_replaceable` (not simplified, corrected, withheld on, given up or taken back),
    and as `issue_invoice`.
    """
    require_biller(by)
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related(
        "client", "replaced_by"
    )
    chosen = list(rows.filter(pk__in=[each.pk for each in invoices]).order_by("issued_on", "pk"))
    if not chosen:
        raise Refused("nothing_chosen", _("Choose the simplified invoices that it replaces."))
    if (known := _known(chosen)) is not None:
        return known
    first = chosen[0]
    _refuse_unfit(chosen)
    replacement = Invoice.objects.create(
        client=first.client,
        kind=Invoice.Kind.REPLACEMENT,
        currency=first.currency,
        language=first.client.language,
        tax_per_line=first.tax_per_line,
        net=sum(each.net for each in chosen),
        tax=sum(each.tax for each in chosen),
        total=sum(each.total for each in chosen),
        is_demo=the_firm().is_demo,
        dated_at=now,
        created_at=now,
    )
    InvoiceLine.objects.bulk_create(restated_lines(replacement, chosen))
    taxes = restated_taxes(chosen)
    for tax in taxes:
        tax.invoice = replacement
    TaxLine.objects.bulk_create(taxes)
    Invoice.objects.filter(pk__in=[each.pk for each in chosen]).update(replaced_by=replacement)
    replacement.credited = replacement.total
    issued = issue_locked(replacement, now)
    for each in chosen:
        record("invoice_replaced", each, now=now, number=each.number, by=issued.number)
    return issued


def _known(chosen: Sequence[Invoice]) -> Invoice | None:
    """The invoice that stands in place of just these. Refused: `replaced`."""
    taken = next((each for each in chosen if each.replaced_by is not None), None)
    if taken is None or taken.replaced_by is None:
        return None
    if set(taken.replaced_by.replaces.values_list("pk", flat=True)) == {each.pk for each in chosen}:
        return taken.replaced_by
    raise Refused(
        "replaced",
        _("%(other)s stands in place of %(number)s already.")
        % {"other": taken.replaced_by.number, "number": taken.number},
    )


def _refuse_unfit(chosen: Sequence[Invoice]) -> None:
    client, currency = chosen[0].client, chosen[0].currency
    if any((each.client_id, each.currency) != (client.pk, currency) for each in chosen):
        raise Refused("other_client", _("Choose invoices of one client and currency."))
    fit = set(replaceable(client).values_list("pk", flat=True))
    unfit = next((each for each in chosen if each.pk not in fit), None)
    if unfit is not None:
        raise Refused(
            "not_replaceable",
            _("%(number)s cannot be replaced: only simplified invoices that stand as they were issued can.")
            % {"number": unfit.number or _("A draft")},
        )
    if not client.tax_id.strip():
        raise Refused(
            "no_nif", _("A full invoice names the client's NIF. Fill it in on the client's page first.")
        )
