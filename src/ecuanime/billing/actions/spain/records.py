"""What a firm in Spain declares about its program, and the records that amend or take back those of an invoice."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_administer
from ecuanime.billing.actions.common import locked_issued, require, require_biller, require_reason
from ecuanime.billing.actions.credits.annulling import refuse_settled, take_out_of_books
from ecuanime.billing.models import FiscalRecord, Invoice, SpainSettings
from ecuanime.billing.packs.es.agency.standing import rejection_before, unresolved
from ecuanime.billing.packs.es.calendar import EFFECTIVE
from ecuanime.billing.packs.es.chain import append
from ecuanime.billing.packs.es.declared import gaps, system_in_use
from ecuanime.billing.packs.es.mapping import invoice_id, registration_of
from ecuanime.billing.packs.es.verifactu import Cancellation, Link, Registration, System
from ecuanime.billing.packs.es.verifactu.checks import is_nif
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@dataclass(frozen=True)
class SpainChanges:
    """What a person sets; without a day of its own the firm's kind says from when records are compulsory."""

    producer_name: str = ""
    producer_nif: str = ""
    producer_address: str = ""
    producer_contact: str = ""
    declared_place: str = ""
    declared_on: date | None = None
    system_name: str = "Ecuánime"
    system_code: str = "EC"
    territory: str = SpainSettings.Territory.COMMON
    entity: str = SpainSettings.Entity.COMPANY
    effective_on: date | None = None
    effective_source: str = ""


@transaction.atomic
def save_spain_settings(*, changes: SpainChanges, by: User, now: datetime) -> SpainSettings:
    """Keep what the firm declares; the number of the installation is made the first time and stays until a restore.

    Refused: `not_allowed`, `producer_nif`, `system_code` (two plain letters or digits), `no_source` (a day of one's
    own without where it is written).
    """
    require(may_administer(by), _("Only administrators declare the program. Ask one of them."))
    nif = changes.producer_nif.strip().upper()
    if nif and not is_nif(nif):
        raise Refused(
            "producer_nif", _("That is no NIF: nine characters without spaces, the last one fitting.")
        )
    code = changes.system_code.strip().upper()
    if len(code) != 2 or not (code.isascii() and code.isalnum()):
        raise Refused("system_code", _("The code of the program is two letters or digits."))
    usual = EFFECTIVE[SpainSettings.Entity(changes.entity)]
    on, source = changes.effective_on or usual.on, changes.effective_source.strip()
    if on != usual.on and not source:
        raise Refused("no_source", _("Say where that day is written: the law's own is another one."))
    values = {each.name: getattr(changes, each.name) for each in fields(changes)}
    values |= {"producer_nif": nif, "system_code": code, "effective_on": on}
    values["effective_source"] = source or usual.source
    kept = SpainSettings.objects.select_for_update(no_key=True).first()
    installation = kept.installation if kept else uuid4().hex.upper()
    saved, _is_new = SpainSettings.objects.update_or_create(
        id=1, defaults=values | {"installation": installation}
    )
    record("spain_declared", saved, now=now, **values, installation=installation)
    return saved


@transaction.atomic
def renew_installation(*, now: datetime) -> SpainSettings | None:
    """Give this installation a new number, so that its next record begins a chain; None where Spain is not set up.

    A backup that is brought back does not know what was issued after it: going on with its chain would let two records
    follow the same one. The chain until then stays as it is, and what of it waits is still sent.
    """
    kept = SpainSettings.objects.select_for_update(no_key=True).first()
    if kept is None:
        return None
    before, kept.installation = kept.installation, uuid4().hex.upper()
    kept.save(update_fields=["installation"])
    record("spain_installation_renewed", kept, now=now, before=before, installation=kept.installation)
    return kept


@transaction.atomic
def amend_registration(
    *,
    invoice: Invoice,
    reason: str,
    by: User,
    now: datetime,
    description: str = "",
    previous_rejection: str = "",
) -> FiscalRecord:
    """Register an invoice anew (subsanación) for what is not printed on it, as it would be registered today.

    What was printed wrong is corrected by a credit note instead. `previous_rejection` is S when the agency refused
    the record before, X when it has none of it; empty, it follows from what the agency has answered.
    Refused: `not_allowed`, `not_issued`, `no_reason`, `no_record`, `cancelled_record`, `export_only`, and as `append`.
    """
    require_biller(by)
    why, issued = require_reason(reason), locked_issued(invoice)
    first = _live_record(issued)
    system = _system(is_demo=first.chain.is_demo)
    rejection = previous_rejection or rejection_before(issued)

    def make(previous: Link | None, at: datetime) -> Registration:
        made = registration_of(issued, system, previous, at)
        made = replace(made, is_amendment=True, previous_rejection=rejection)
        return replace(made, description=" ".join(description.split())[:500]) if description.strip() else made

    return append(issued, system, make, now, is_demo=first.chain.is_demo, reason=why)


@transaction.atomic
def cancel_registration(*, invoice: Invoice, reason: str, by: User, now: datetime) -> FiscalRecord:
    """Take back the record of an invoice that should never have existed (anulación).

    Our books follow: nothing of it is owed any more, its number stays used, its time goes back to review, its fees
    wait for the next draft and an unused pack is void. An invoice that a client got and that was wrong is corrected
    by a credit note instead. Repeated, it gives the cancellation back that stands; where the agency has refused that
    one, another follows in the chain and says so (RechazoPrevio of the schema).
    Refused: `not_allowed` (administrators alone do it), `not_issued`, `no_reason`, `no_record`, `is_correction`,
    `credited`, `advance`, `paid`, `closed_period`, `pack_used`, `export_only`, and as `append`.
    """
    require(may_administer(by), _("Only administrators take records back. Ask one of them."))
    why, issued = require_reason(reason), locked_issued(invoice)
    cancellations = issued.fiscal_records.filter(kind=FiscalRecord.Kind.CANCELLATION).select_related("chain")
    known = cancellations.order_by("position").last()
    if known is None:
        first = _live_record(issued)
        refuse_settled(issued)
    elif not unresolved().filter(record=known).exists():
        return known
    is_demo = (known or first).chain.is_demo
    system, is_unknown_there = _system(is_demo=is_demo), rejection_before(issued) == "X"
    if known is None:
        take_out_of_books(issued, why, now)
        record("invoice_annulled", issued, now=now, number=issued.number, reason=why)

    def make(previous: Link | None, at: datetime) -> Cancellation:
        return Cancellation(
            invoice_id(issued),
            previous,
            system,
            at,
            without_previous_record=is_unknown_there,
            previous_rejection="S" if known else "",
        )

    return append(issued, system, make, now, is_demo=is_demo, reason=why)


def _live_record(issued: Invoice) -> FiscalRecord:
    """The registration of a document. Refused: `no_record`, `cancelled_record`."""
    rows = list(issued.fiscal_records.select_related("chain").order_by("position"))
    if not rows:
        raise Refused("no_record", _("This document has no record in Spain's chain."))
    if any(row.is_cancellation for row in rows):
        raise Refused("cancelled_record", _("The record of this document was taken back."))
    return rows[0]


def _system(*, is_demo: bool) -> System:
    system = system_in_use(is_demo=is_demo)
    if system is None:
        raise Refused("export_only", "; ".join(gaps()))
    return system
