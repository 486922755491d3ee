"""VAT numbers of the European Union, as the customer's tax id gives them."""

from __future__ import annotations

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from ecuanime.billing.packs.contract import Party
from ecuanime.staff.tax_ids import PREFIXES


def vat_number(party: Party) -> str:
    """The party's VAT number with its prefix, if the tax id is one by its country's check digits; else empty.

    Whether it is active today only VIES says; the person who issues the invoice looks there.
    Source: Directive 2006/112/EC, arts. 214 and 215.
    """
    prefix = PREFIXES.get(party.country, party.country)
    given = "".join(party.tax_id.split()).upper()
    try:
        return str(vat.validate(given if given.startswith(prefix) else prefix + given))
    except ValidationError:
        return ""


def has_vat_number(party: Party) -> bool:
    """Whether the tax id is a valid VAT number of the Union."""
    return bool(vat_number(party))
