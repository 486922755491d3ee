"""Sealing an issued document: the CFDI that will be stamped, written in the transaction of the caller."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from ecuanime.billing.models import Cfdi, Invoice, MexicoSeal, MexicoSettings
from ecuanime.billing.packs.mx.cfdi import Csd, says_the_same, sealed
from ecuanime.billing.packs.mx.declared import gaps, mexico_settings, seal_in_use
from ecuanime.billing.packs.mx.keys import is_checked, refuse_unknown_keys
from ecuanime.billing.packs.mx.mapping import document_of
from ecuanime.billing.packs.mx.receivers import rfc_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import Unsealable, unseal


def seal_document(invoice: Invoice, now: datetime) -> Cfdi:
    """Seal a document that has its number and hold it back from the client until it is stamped.

    Refused: `export_only`, `unknown_key`, the codes of `usable_seal`, and those of `document_of`.
    """
    settings = complete_settings()
    seal = usable_seal(rfc_of(invoice.issuer["tax_id"]), now)
    made = document_of(invoice, settings, now)
    xml = sealed(made, csd_of(seal)).decode()
    row = Cfdi(invoice=invoice, kind=made.kind, method=made.method, sealed=xml, seal=seal)
    invoice.is_held, invoice.remind_on = True, None
    invoice.save(update_fields=["is_held", "remind_on"])
    return keep_sealed(row, settings, now)


def seal_anew(replaced: Cfdi, invoice: Invoice, customer: dict[str, Any], now: datetime) -> Cfdi:
    """Seal a CFDI that takes the place of a stamped one of the same document, as client and settings stand now.

    The document keeps its number, its lines and what is owed; the first CFDI stands until this one is stamped.
    Refused: `nothing_changes`, and as `seal_document`.
    """
    settings = complete_settings()
    seal = usable_seal(rfc_of(invoice.issuer["tax_id"]), now)
    made = document_of(invoice, settings, now, replaced)
    xml = sealed(made, csd_of(seal))
    refuse_unchanged(replaced, xml)
    row = Cfdi(invoice=invoice, kind=made.kind, method=made.method, sealed=xml.decode(), seal=seal)
    row.replaces, row.customer = replaced, customer
    return keep_sealed(row, settings, now)


def refuse_unchanged(replaced: Cfdi, xml: bytes) -> None:
    """Refuse `nothing_changes`: what is to take the place of a CFDI says what that one says."""
    if says_the_same(replaced.stamped.encode(), xml):
        raise Refused(
            "nothing_changes",
            _(
                "The new one would say the same. Put right first what is wrong: the client's data for the SAT, or your "
                "settings."
            ),
        )


def complete_settings() -> MexicoSettings:
    """The settings of Mexico once nothing is missing. Refused: `export_only`."""
    settings, missing = mexico_settings(), gaps()
    if settings is None or missing:
        raise Refused("export_only", "; ".join(missing))
    return settings


def keep_sealed(row: Cfdi, settings: MexicoSettings, now: datetime) -> Cfdi:
    """Write what was sealed as the next attempt of its document or payment; it is due at once.

    Refused: `unknown_key`, where the SAT's catalogues are at hand.
    """
    if is_checked(settings):
        refuse_unknown_keys(row.sealed.encode())
    before = Cfdi.objects.filter(invoice=row.invoice, payment=row.payment).aggregate(last=Max("attempt"))
    row.attempt = (before["last"] or 0) + 1
    row.environment, row.sealed_at, row.not_before = settings.environment, now, now
    row.save(force_insert=True)
    record(
        "cfdi_sealed",
        row,
        now=now,
        number=row.name,
        kind=row.kind,
        attempt=row.attempt,
        seal=row.seal.number,
        sha256=hashlib.sha256(row.sealed.encode()).hexdigest(),
    )
    crashpoint("billing.cfdi_sealed")
    return row


def usable_seal(rfc: str, now: datetime) -> MexicoSeal:
    """The certificate in use. Refused: `no_seal`, `expired_seal`, `not_yet_valid`, `other_rfc`."""
    seal = seal_in_use()
    if seal is None:
        raise Refused("no_seal", _("There is no certificate of digital seal (CSD). Upload it first."))
    if now >= seal.valid_until:
        raise Refused("expired_seal", _("The certificate of digital seal has expired. Upload its successor."))
    if now < seal.valid_from:
        raise Refused("not_yet_valid", _("The certificate of digital seal is not valid yet."))
    if seal.rfc != rfc:
        raise Refused(
            "other_rfc",
            _("The certificate of digital seal is of %(holder)s, and your firm's RFC is %(rfc)s.")
            % {"holder": seal.rfc, "rfc": rfc},
        )
    return seal


def csd_of(seal: MexicoSeal) -> Csd:
    """The certificate with its opened key. Refused: `no_seal`."""
    try:
        return Csd(seal.number, seal.certificate, unseal(seal.key_sealed))
    except Unsealable as error:
        raise Refused(
            "no_seal",
            _("The certificate was sealed with another key than this installation's. Upload it again."),
        ) from error
