"""A discount on one line of a draft's time. Goods, expenses and services get theirs when they are added."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_draft, require_biller
from ecuanime.billing.actions.drafts.changes import discount_of
from ecuanime.billing.drafting.discounts import kind_of_time
from ecuanime.billing.drafting.writing import segments_on, write_time
from ecuanime.billing.models import Invoice, InvoiceLine, TimeDiscount
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

_KIND = ("contract_id", "work_type_id", "surcharge", "price", "is_by_piece")


@transaction.atomic
def discount_time(
    *, line: InvoiceLine, by: User, now: datetime, percent: Decimal | None = None, amount: int | None = None
) -> Invoice:
    """Take a percentage or an amount (minor units) off a line of time; neither ends it. Gives the draft.

    It stays with the work of that kind at that price, also when more of it comes onto the draft.
    Refused: `not_allowed`, `issued`, `not_time`, `bad_discount`.
    """
    require_biller(by)
    draft = locked_draft(line.invoice)
    part = line.segments.select_related("segment__rating__entry").first()
    if part is None:
        raise Refused("not_time", _("This is no line of time. Take it out, and add it with its discount."))
    discount_of(line.gross, percent, amount)
    kind = dict(zip(_KIND, kind_of_time(part.segment), strict=True))
    draft.time_discounts.filter(**kind).delete()
    if percent is not None or amount is not None:
        TimeDiscount.objects.create(invoice=draft, percent=percent, amount=amount, **kind)
    write_time(draft, segments_on(draft))
    record("invoice_time_discounted", draft, now=now, percent=percent, amount=amount, total=draft.total)
    return draft
