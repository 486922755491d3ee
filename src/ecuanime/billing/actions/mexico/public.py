"""Global invoices: what was sold to the public in general in a period, in one CFDI."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings, PublicSale
from ecuanime.billing.packs.mx.periods import span_of
from ecuanime.billing.packs.mx.public import seal_global, unnamed
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def make_global(*, day: date, by: User, now: datetime) -> Cfdi:
    """Seal the global invoice of the period that a day is in: what was sold to the public and wholly paid in it.

    Asked again while it waits for its stamp, it gives that one back. What is noted later as paid then goes in another
    one of the same period.
    Refused: `not_allowed`, `no_period` (the firm makes none), `not_over`, `waits` (another period's waits for its
    stamp), and as `seal_global`.
    """
    require_biller(by)
    # The row of the settings is what takes turns; then the sales, whose invoices payments and credits lock.
    settings = MexicoSettings.objects.select_for_update().first()
    if settings is None or not settings.public_period:
        raise Refused("no_period", _("Your firm makes no global invoices. An administrator chooses it."))
    span = span_of(day, settings.public_period)
    if span.last >= today_at_firm(now):
        raise Refused("not_over", _("That period is not over yet."))
    waiting = Cfdi.objects.filter(invoice=None, state=Cfdi.State.TO_STAMP).first()
    if waiting is not None and (waiting.period_from, waiting.period_until) == (span.first, span.last):
        return waiting
    if waiting is not None:
        raise Refused("waits", _("Another global invoice waits for its stamp. Make this one afterwards."))
    sold = Invoice.objects.select_for_update(no_key=True).filter(public_sale__in=unnamed())
    list(sold.order_by("pk").values_list("pk", flat=True))
    list(PublicSale.objects.select_for_update().filter(pk__in=unnamed()).order_by("pk"))
    return seal_global(span, now)
