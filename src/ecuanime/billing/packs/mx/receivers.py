"""Whom an invoice is for, as the SAT's register has them, and what of it cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from stdnum.mx import rfc as rfcs

from ecuanime.billing.models import MexicoReceiver
from ecuanime.billing.packs.mx.catalogues import (
    FOREIGN_RFC,
    FORMS,
    LATER,
    METHODS,
    NO_EFFECTS,
    NO_OBLIGATIONS,
    OF_COMPANIES,
    OF_PERSONS,
    PUBLIC_NAME,
    PUBLIC_RFC,
    REGIMES,
    USES,
    may_use,
)
from ecuanime.billing.packs.mx.cfdi import Receiver
from ecuanime.clients.models import Client

_POSTCODE = re.compile(r"\d{5}")
_COMPANY_LENGTH = 12
_SUFFIX = re.compile(
    r"[ ,]+(S\.?A\.?P?\.?I?\.?B?\.?|S\.? ?DE ?R\.?L\.?|S\.?C\.?|A\.?C\.?)( DE C\.?V\.?)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ReceiverFacts:
    """What is kept of a client for the SAT, checked or not."""

    name: str
    postcode: str
    regime: str
    use: str
    method: str = LATER
    form: str = "03"


def keys_of(facts: ReceiverFacts) -> dict[str, str]:
    """The keys of the SAT's catalogues among them, by the attributes that hold them."""
    return {
        "DomicilioFiscalReceptor": facts.postcode,
        "RegimenFiscalReceptor": facts.regime,
        "UsoCFDI": facts.use,
        "MetodoPago": facts.method,
        "FormaPago": facts.form,
    }


def is_rfc(text: str) -> bool:
    """Whether it is an RFC by its form and date; check digits are not looked at, since the SAT has given odd ones."""
    plain = rfc_of(text)
    return plain in (PUBLIC_RFC, FOREIGN_RFC) or bool(rfcs.is_valid(plain))


def rfc_of(text: str) -> str:
    """An RFC as the schema writes it."""
    return re.sub(r"[\s-]", "", text).upper()


def is_company(rfc: str) -> bool:
    """Whether an RFC is a company's: a natural person's has one character more."""
    return len(rfc) == _COMPANY_LENGTH


def facts_of(client: Client) -> ReceiverFacts | None:
    """What is kept of a client; None when nothing is."""
    kept = MexicoReceiver.objects.filter(client=client).first()
    if kept is None:
        return None
    return ReceiverFacts(kept.name, kept.postcode, kept.regime, kept.use, kept.method, kept.form)


def proposed_facts(client: Client) -> ReceiverFacts:
    """What a form begins with: the legal name in capitals, without the kind of company, as the SAT writes it."""
    name = _SUFFIX.sub("", client.legal_name or client.name).strip().upper()
    regime = "601" if is_company(rfc_of(client.tax_id)) else "612"
    return ReceiverFacts(name, client.postcode.strip(), regime, "G03")


def receiver_of(client: Client, facts: ReceiverFacts | None, place: str) -> Receiver:
    """The client as the CFDI names it. Who lives abroad, or is a consumer without RFC, has a generic one.

    `place` is the issuer's postcode, which stands for that of whoever has a generic RFC (RMF 2.7.1.23).
    """
    generic = generic_rfc(client)
    if generic:
        name = facts.name if facts else (client.legal_name or client.name).upper()
        return Receiver(generic, name, place, NO_OBLIGATIONS, NO_EFFECTS)
    shown = facts or proposed_facts(client)
    return Receiver(rfc_of(client.tax_id), shown.name, shown.postcode, shown.regime, shown.use)


def generic_rfc(client: Client) -> str:
    """The RFC that stands for a client that has none of its own; empty for others."""
    if client.country != "MX":
        return FOREIGN_RFC
    plain = rfc_of(client.tax_id)
    is_consumer = client.kind == Client.Kind.CONSUMER and not plain
    return PUBLIC_RFC if is_consumer or plain == PUBLIC_RFC else ""


def faults_of(client: Client, facts: ReceiverFacts | None) -> list[str]:
    """What the SAT would turn away, in words that say the way on; empty when nothing is known against it."""
    if generic_rfc(client):
        name = facts.name if facts else client.legal_name or client.name
        return list(_generic_faults(name))
    if facts is None:
        return [_("Nothing is kept of how the SAT knows this client: name, postcode, regime and use.")]
    return list(_faults(rfc_of(client.tax_id), facts))


def _generic_faults(name: str) -> Iterator[str]:
    if _folded(name) == PUBLIC_NAME:
        yield _("Name the client: what the public in general buys is put in global invoices by itself.")


def _folded(name: str) -> str:
    return " ".join(name.upper().replace("Ú", "U").split())


def _faults(rfc: str, facts: ReceiverFacts) -> Iterator[str]:
    if not is_rfc(rfc):
        yield _("The client's RFC is missing or wrong.")
    if not facts.name.strip():
        yield _("The client's name as the SAT has it is missing.")
    elif is_company(rfc) and _SUFFIX.search(facts.name):
        yield _("The SAT writes a company's name without its kind: leave out “S.A. de C.V.” and the like.")
    if not _POSTCODE.fullmatch(facts.postcode):
        yield _("The postcode of the client's tax domicile has five digits.")
    if facts.regime not in REGIMES:
        yield _("The client's tax regime is missing.")
    elif facts.regime not in (OF_COMPANIES if is_company(rfc) else OF_PERSONS):
        companies, persons = (
            _("That regime is not one of companies."),
            _("That regime is not one of natural persons."),
        )
        yield companies if is_company(rfc) else persons
    elif facts.use not in USES or not may_use(facts.regime, facts.use):
        yield _("Whoever is in that regime cannot give invoices that use.")
    if facts.method not in METHODS or facts.form not in FORMS:
        yield _("When and how the client pays is missing.")
