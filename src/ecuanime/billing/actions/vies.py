"""Asking VIES about the VAT number of a client, and keeping what it said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing import vies
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.documents.parties import as_seen_by_law, customer_of, issuer_of
from ecuanime.billing.models import VatCheck
from ecuanime.billing.packs.vat_numbers import vat_number
from ecuanime.billing.queries.vies import is_elsewhere_in_union
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm


def check_vat_number(*, client: Client, by: User, clock: Callable[[], datetime]) -> VatCheck:
    """Ask whether the client's VAT number is valid today, in the firm's name; what came of it is kept either way.

    No transaction is open meanwhile. Nothing else waits for it: VIES is often away.
    Refused: `not_allowed`, `not_in_union`, `no_vat_number` (the client's tax id is none by its check digits).
    """
    require_biller(by)
    number = vat_number(as_seen_by_law(customer_of(client)))
    if not is_elsewhere_in_union(client):
        raise Refused(
            "not_in_union", _("Only clients in another country of the European Union are looked up in VIES.")
        )
    if not number:
        raise Refused(
            "no_vat_number",
            _("The client's tax id is no VAT number of the European Union. Correct it first."),
        )
    requester = vat_number(as_seen_by_law(issuer_of(the_firm())))
    kept = VatCheck(client=client, number=number, asked_by=by)
    try:
        answer = vies.check(number, requester)
    except vies.NotChecked as fault:
        kept.outcome, kept.trouble = VatCheck.Outcome.UNKNOWN, fault.code
    else:
        kept.outcome = VatCheck.Outcome.VALID if answer.is_valid else VatCheck.Outcome.INVALID
        kept.reference, kept.name, kept.address = answer.reference, answer.name, answer.address
    kept.asked_at = clock()
    return _keep(kept)


@transaction.atomic
def _keep(check: VatCheck) -> VatCheck:
    check.save(force_insert=True)
    record(
        "vat_number_checked",
        check.client,
        now=check.asked_at,
        number=check.number,
        outcome=check.outcome,
        reference=check.reference,
        trouble=check.trouble,
    )
    return check
