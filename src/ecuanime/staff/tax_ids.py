"""Tax ids, checked as their country writes them (NIF, RFC, the VAT numbers of the European Union…)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from ecuanime.foundation.errors import Refused

NAMES = {"ES": "NIF", "MX": "RFC"}
PREFIXES = {"GR": "EL"}  # where the prefix of VAT numbers is not the country's code


def checked_tax_id(country: str, tax_id: str) -> str:
    """`tax_id` as the country writes it, without spaces and dots; empty stays empty. A VAT number has its prefix.

    Where no rule of the country is known it is kept as given. Refuses `tax_id` and says what does not fit.
    """
    given = " ".join(tax_id.split()).upper()
    module = get_cc_module(country.lower(), "vat") if given else None
    if module is None:
        return given
    try:
        kept = str(module.validate(given))
        if country == "MX" and len(kept) < 12:
            raise InvalidLength  # without its homoclave, as stdnum lets it pass, an RFC is no good on an invoice
        return _with_prefix(country, kept)
    except ValidationError as error:
        raise Refused(
            "tax_id", _reason(error) % {"name": NAMES.get(country, _("VAT number")), "given": given}
        ) from error


def with_country(country: str, tax_id: str) -> str:
    """A tax id as it is written across borders: it begins with the code of its country. Empty stays empty."""
    prefix = PREFIXES.get(country, country)
    if not tax_id or (country not in NAMES and tax_id.startswith(prefix)):
        return tax_id
    return prefix + tax_id


def _with_prefix(country: str, number: str) -> str:
    """Article 215 of Directive 2006/112/EC: a VAT number begins with its country's code; a NIF is none at home."""
    if country in NAMES or country.lower() not in MEMBER_STATES:
        return number
    prefix = PREFIXES.get(country, country)
    return number if number.startswith(prefix) else prefix + number


def _reason(error: ValidationError) -> str:
    if isinstance(error, InvalidLength):
        return _(
            "%(given)s does not have as many characters as a %(name)s has. Check it, or leave it for later."
        )
    if isinstance(error, InvalidChecksum):
        return _(
            "%(given)s is not a valid %(name)s: its check character does not fit the rest, as after a typing mistake. "
            "Check it, or leave it for later."
        )
    if isinstance(error, InvalidFormat):
        return _("%(given)s is not written like a %(name)s. Check it, or leave it for later.")
    return _("%(given)s is not a valid %(name)s. Check it, or leave it for later.")
