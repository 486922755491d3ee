"""Billing one case by itself, out of the cycle of runs: some approved entries, less what was paid in advance."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_biller
from ecuanime.billing.actions.drafts.runs import claimed_segments
from ecuanime.billing.actions.prepaid.advances import deduct_advance
from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.drafting.writing import OF_A_CASE, kind_here, new_draft, segments_on, write_time
from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.billing.queries.advances import left_of
from ecuanime.billing.queries.runs import unbilled_segments
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def draft_case_time(
    *,
    client: Client,
    entries: Collection[int],
    guarantee: Invoice | None,
    by: User,
    now: datetime,
    idempotency_key: str,
) -> Invoice:
    """Draft an invoice over what these entries (by id) leave to be billed, less what is left of the guarantee.

    No run adds anything to it. While it is a draft, the same key takes in what was approved since.
    Refused: `not_allowed`, `issued` (the key's invoice is final), `nothing_to_bill`.
    """
    require_biller(by)
    owner, key = locked_client(client), f"{OF_A_CASE}{idempotency_key}"
    known = Invoice.objects.select_for_update(no_key=True).filter(idempotency_key=key).first()
    if known is not None and not known.is_draft:
        text = _("%(number)s is issued, so it never changes. Correct it with a credit note.")
        raise Refused("issued", text % {"number": known.number})
    unbilled = unbilled_segments(today_at_firm(now)).filter(rating__entry__in=entries)
    fresh = claimed_segments(unbilled, owner)
    segments = [*(segments_on(known) if known else []), *fresh]
    if not segments:
        raise Refused("nothing_to_bill", _("No approved time of this case waits to be invoiced."))
    draft = known or _new(owner, segments[0].currency, key, now)
    write_time(draft, [each for each in segments if each.currency == draft.currency])
    for advance in _advances_of(guarantee):
        if left_of(advance) > 0:
            deduct_advance(invoice=draft, advance=advance, by=by, now=now)
    draft.refresh_from_db()
    record("invoice_drafted", draft, now=now, case=idempotency_key, total=draft.total)
    return draft


def _new(owner: Client, currency: str, key: str, now: datetime) -> Invoice:
    draft = new_draft(owner, kind_here(Invoice.Kind.INVOICE), currency, now)
    draft.idempotency_key = key
    draft.save(update_fields=["idempotency_key"])
    return draft


def _advances_of(guarantee: Invoice | None) -> list[InvoiceLine]:
    """What of an issued guarantee counts toward the fees."""
    if guarantee is None or guarantee.is_draft:
        return []
    lines = guarantee.lines.filter(kind=InvoiceLine.Kind.ADVANCE, is_kept=False)
    return list(lines.select_related("invoice").prefetch_related(standing_credits(), "deducted_by"))
