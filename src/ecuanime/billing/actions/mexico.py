"""Mexico's set-up and the way on after a rejection: settings, seal, rates, what clients are to the SAT."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_declare
from ecuanime.billing.actions.common import locked_client, locked_issued, require_biller
from ecuanime.billing.models import (
    Cfdi,
    Invoice,
    MexicoRate,
    MexicoReceiver,
    MexicoSeal,
    MexicoSettings,
    Payment,
)
from ecuanime.billing.packs.mx.catalogues import FORMS, REGIMES
from ecuanime.billing.packs.mx.complements import seal_complement
from ecuanime.billing.packs.mx.csd import Certificate, Unfit, read_csd
from ecuanime.billing.packs.mx.receivers import ReceiverFacts, faults_of, rfc_of
from ecuanime.billing.packs.mx.sealing import seal_document
from ecuanime.billing.parties import customer_of
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal as sealed_secret
from ecuanime.staff.queries import the_firm

UNFIT = {
    "too_large": gettext_lazy("These files are too large for a certificate. Choose the .cer and .key files."),
    "no_certificate": gettext_lazy("The first file is no certificate. Choose the .cer file of your CSD."),
    "no_number": gettext_lazy("This certificate has no number of the SAT, so it cannot seal invoices."),
    "is_signature": gettext_lazy(
        "This is your e.firma. Invoices are sealed with the CSD, so choose its files."
    ),
    "no_rfc": gettext_lazy("This certificate names no RFC, so it cannot seal invoices."),
    "key_locked": gettext_lazy(
        "The key does not open: it is another file, or its password is another one. Choose the .key file of your CSD."
    ),
    "other_key": gettext_lazy(
        "The key belongs to another certificate. Choose the two files of the same CSD."
    ),
}
_PRODUCT = re.compile(r"\d{8}")


@dataclass(frozen=True)
class MexicoChanges:
    """What a person sets. An empty password leaves the one that is kept."""

    name: str = ""
    regime: str = ""
    service_key: str = "81111811"
    goods_key: str = "43211500"
    expense_key: str = "81111811"
    credit_form: str = "17"
    pac: str = MexicoSettings.Pac.FINKOK
    environment: str = ""
    username: str = ""
    password: str = ""


@transaction.atomic
def save_mexico_settings(*, changes: MexicoChanges, by: User, now: datetime) -> MexicoSettings:
    """Keep what the firm is to the SAT, the keys of its lines and its account with the PAC, whose password is sealed.

    Refused: `not_allowed`, `regime`, `product_key` (eight digits), `credit_form`, `pac`, `unknown_environment`.
    """
    _require_administrator(by)
    values = {each.name: str(getattr(changes, each.name)).strip() for each in fields(changes)}
    password = values.pop("password")
    _refuse_unknown(values)
    if password:
        values["password_sealed"] = sealed_secret(password)
    values["name"] = " ".join(values["name"].split()).upper()
    saved, _is_new = MexicoSettings.objects.update_or_create(id=1, defaults=values)
    told = {name: value for name, value in values.items() if name != "password_sealed"}
    record("mexico_set_up", saved, now=now, **told, new_password=bool(password))
    return saved


def _refuse_unknown(values: dict[str, str]) -> None:
    if values["regime"] and values["regime"] not in REGIMES:
        raise Refused("regime", _("Choose one of the regimes that are offered."))
    if not all(_PRODUCT.fullmatch(values[name]) for name in ("service_key", "goods_key", "expense_key")):
        raise Refused(
            "product_key", _("A key of the SAT's catalogue of products and services has eight digits.")
        )
    if values["credit_form"] not in FORMS:
        raise Refused("credit_form", _("Choose one of the forms of payment that are offered."))
    if values["pac"] not in MexicoSettings.Pac.values:
        raise Refused("pac", _("Choose one of the PACs that are offered."))
    if values["environment"] and values["environment"] not in MexicoSettings.Environment.values:
        raise Refused("unknown_environment", _("Choose one of the places that are offered."))


@transaction.atomic
def keep_seal(*, certificate: bytes, key: bytes, password: str, by: User, now: datetime) -> MexicoSeal:
    """Seal with the CSD of these files from now on; the one before is retired and its key forgotten.

    The key is sealed and never shown again; the password is not kept.
    Refused: `not_allowed`, the codes of `Unfit`, `expired`, `not_yet_valid`, `other_holder` (it is not the firm's).
    """
    _require_administrator(by)
    try:
        read = read_csd(certificate, key, password)
    except Unfit as unfit:
        raise Refused(unfit.code, UNFIT[unfit.code]) from unfit
    _refuse_unfit(read, now)
    _retire(now)
    kept = MexicoSeal.objects.create(
        number=read.number,
        rfc=read.rfc,
        holder=read.holder,
        valid_from=read.valid_from,
        valid_until=read.valid_until,
        certificate=read.der,
        key_sealed=sealed_secret(read.key_pem),
        uploaded_at=now,
        uploaded_by=by,
    )
    record("mexico_seal_kept", kept, now=now, number=kept.number, valid_until=kept.valid_until)
    return kept


@transaction.atomic
def remove_seal(*, by: User, now: datetime) -> None:
    """Seal with none from now on, and forget the key: nothing is issued. Refused: `not_allowed`."""
    _require_administrator(by)
    _retire(now)


@transaction.atomic
def note_rate(*, currency: str, on: date, rate: Decimal, by: User, now: datetime) -> MexicoRate:
    """Note how many pesos one unit of a currency was worth on a day; noted again, the later one holds.

    Refused: `not_allowed`, `no_currency` (pesos, or no ISO code), `no_rate` (not above zero).
    """
    require_biller(by)
    code = currency.strip().upper()
    if len(code) != 3 or not code.isalpha() or not code.isascii() or code == "MXN":
        raise Refused("no_currency", _("Write the code of the other currency, such as USD."))
    if rate <= 0:
        raise Refused("no_rate", _("An exchange rate is above zero."))
    noted, _is_new = MexicoRate.objects.update_or_create(currency=code, on=on, defaults={"rate": rate})
    record("mexico_rate_noted", noted, now=now, currency=code, on=on, rate=rate)
    return noted


@transaction.atomic
def save_receiver(*, client: Client, facts: ReceiverFacts, by: User, now: datetime) -> MexicoReceiver:
    """Keep what a client is to the SAT, once nothing is known against it.

    Refused: `not_allowed`, `receiver` (what the SAT would turn away, in words).
    """
    require_biller(by)
    kept_by = locked_client(client)
    clean = ReceiverFacts(
        name=" ".join(facts.name.split()).upper(),
        postcode=facts.postcode.strip(),
        regime=facts.regime,
        use=facts.use,
        method=facts.method,
        form=facts.form,
    )
    if faults := faults_of(kept_by, clean):
        raise Refused("receiver", " ".join(faults))
    values = {each.name: getattr(clean, each.name) for each in fields(clean)}
    saved, _is_new = MexicoReceiver.objects.update_or_create(client=kept_by, defaults=values)
    record("mexico_receiver_kept", kept_by, now=now, **values)
    return saved


@transaction.atomic
def seal_again(*, invoice: Invoice, by: User, now: datetime) -> Cfdi:
    """Seal a rejected document anew, with the client's data as they stand now and today's settings; again is a no-op.

    It keeps its number and its lines. Refused: `not_allowed`, `not_issued`, `not_rejected`, and as `seal_document`.
    """
    require_biller(by)
    issued = locked_issued(invoice)
    own = issued.cfdis.filter(payment=None)
    live = own.exclude(state=Cfdi.State.REJECTED).first()
    if live is not None:
        return live
    if not own.exists():
        raise Refused("not_rejected", _("No PAC has rejected this document."))
    issued.customer = customer_of(issued.client) | {"attention": issued.customer.get("attention", "")}
    issued.save(update_fields=["customer"])
    return seal_document(issued, now)


@transaction.atomic
def complement_payment(*, payment: Payment, by: User, now: datetime) -> Cfdi:
    """Seal the complement (Pagos 2.0) of a payment on an invoice that is paid later; again gives the live one back.

    Instalments follow the payments. Refused: `not_allowed`, and as `seal_complement`.
    """
    require_biller(by)
    if payment.invoice is None:
        raise Refused("no_complement", _("This payment needs no complement, or has one already."))
    issued = locked_issued(payment.invoice)
    live = Cfdi.objects.filter(payment=payment, cancelled_at=None).exclude(state=Cfdi.State.REJECTED).first()
    return live or seal_complement(payment, issued, now)


@transaction.atomic
def stamp_now(*, invoice: Invoice, by: User, now: datetime) -> None:
    """Let a document that waits after a failure be tried at once. Refused: `not_allowed`, `nothing_waits`."""
    require_biller(by)
    waiting = Cfdi.objects.filter(
        invoice=invoice, state=Cfdi.State.TO_STAMP, claimed_until=None, not_before__gt=now
    )
    if not waiting.update(not_before=now):
        raise Refused("nothing_waits", _("Nothing waits for another try: what is due is stamped by itself."))
    record("cfdi_tried_at_once", invoice, now=now, number=invoice.number)


def _require_administrator(by: User) -> None:
    if not may_declare(by):
        raise Refused("not_allowed", _("Only administrators do that. Ask one of them."))


def _refuse_unfit(read: Certificate, now: datetime) -> None:
    if now >= read.valid_until:
        raise Refused("expired", _("This certificate has expired. Choose its successor."))
    if now < read.valid_from:
        raise Refused("not_yet_valid", _("This certificate is not valid yet. Upload it when it is."))
    rfc = rfc_of(the_firm().tax_id)
    if read.rfc != rfc:
        raise Refused(
            "other_holder",
            _("The certificate is of %(holder)s, and your firm's RFC is %(rfc)s. Choose your firm's.")
            % {"holder": read.rfc, "rfc": rfc or "–"},
        )


def _retire(now: datetime) -> None:
    for used in MexicoSeal.objects.select_for_update().filter(retired_at=None):
        used.retired_at, used.key_sealed = now, ""
        used.save(update_fields=["retired_at", "key_sealed"])
        record("mexico_seal_retired", used, now=now, number=used.number)
