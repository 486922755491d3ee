"""Issuer and customer as plain values: what an issued document freezes."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel import Locale

from ecuanime.billing.packs import Party
from ecuanime.billing.pdf.document import Party as PrintedParty
from ecuanime.clients.models import Client
from ecuanime.staff.models import Firm

Frozen = dict[str, Any]


def issuer_of(firm: Firm) -> Frozen:
    """The firm's data as they stand."""
    return {
        "name": firm.name,
        "tax_id": firm.tax_id,
        "street": firm.address,
        "postcode": firm.postcode,
        "city": firm.city,
        "region": firm.region,
        "country": firm.country,
        "email": firm.email,
        "phone": firm.phone,
        "iban": firm.iban,
        "registry_note": firm.registry_note,
        "legal_form": firm.legal_form,
        "professional_since": firm.professional_since.isoformat() if firm.professional_since else "",
        "time_zone": firm.time_zone,
    }


def customer_of(client: Client) -> Frozen:
    """The client's data as they stand; the legal name goes before the one they are called by."""
    return {
        "code": client.code,
        "name": client.legal_name or client.name,
        "tax_id": client.tax_id,
        "street": client.address,
        "postcode": client.postcode,
        "city": client.city,
        "region": client.region,
        "country": client.country,
        "kind": client.kind,
        "in_retail_scheme": client.in_retail_scheme,
        "email": client.invoice_email,
        "phone": "",
        "offices": dict(zip(("accounting", "managing", "processing"), client.offices, strict=True)),
    }


def as_seen_by_law(party: Frozen) -> Party:
    """What a country pack looks at; what documents froze before it was kept is as it was taken for then."""
    return Party(
        party["name"],
        party["tax_id"],
        party["street"],
        party["city"],
        party["country"],
        postcode=party["postcode"],
        legal_form=party.get("legal_form", Firm.LegalForm.COMPANY),
        professional_since=_day(party.get("professional_since")),
        is_business=party.get("kind", Client.Kind.BUSINESS) == Client.Kind.BUSINESS,
        in_retail_scheme=party.get("in_retail_scheme", False),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def as_printed(party: Frozen, language: str, *, abroad: bool) -> PrintedParty:
    """What the document shows; the country is named when the other party is in another one."""
    town = " ".join(filter(None, [party["postcode"], party["city"]]))
    region = party["region"] if party["region"] != party["city"] else ""
    country = _country_name(party["country"], language) if abroad else ""
    return PrintedParty(
        name=party["name"],
        tax_id=party["tax_id"],
        address=tuple(filter(None, [party["street"], town, region, country])),
        email=party["email"],
        phone=party["phone"],
    )


def _country_name(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))
