"""What the firm has set up for Mexico, and what still keeps it from issuing."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from ecuanime.billing.models import MexicoSeal, MexicoSettings
from ecuanime.billing.packs.mx.catalogues import REGIMES
from ecuanime.billing.packs.mx.keys import is_checked
from ecuanime.billing.packs.mx.official import Catalogue, is_known
from ecuanime.billing.packs.mx.receivers import is_rfc
from ecuanime.staff.queries import the_firm

_POSTCODE = re.compile(r"\d{5}")


def mexico_settings() -> MexicoSettings | None:
    """The row of the firm, once there is one."""
    return MexicoSettings.objects.first()


def seal_in_use() -> MexicoSeal | None:
    """The certificate that seals."""
    return MexicoSeal.objects.filter(retired_at=None).first()


def _is_known_place(postcode: str, settings: MexicoSettings) -> bool:
    """A postcode of another form is said to be missing already."""
    is_asked = is_checked(settings) and _POSTCODE.fullmatch(postcode)
    return not is_asked or is_known(Catalogue.POSTCODES, postcode)


def gaps() -> list[str]:
    """What is missing before invoices may be issued under the law of Mexico, in words; empty when nothing is."""
    settings = mexico_settings()
    if settings is None:
        return [_("the settings of Mexico have not been filled in")]
    firm = the_firm()
    wanted = {
        _("your firm's RFC is missing or wrong"): is_rfc(firm.tax_id),
        _("your firm's postcode of five digits is missing"): _POSTCODE.fullmatch(firm.postcode.strip()),
        _("the SAT's catalogue has not your firm's postcode"): _is_known_place(
            firm.postcode.strip(), settings
        ),
        _("your firm's name as the SAT has it is missing"): settings.name.strip(),
        _("your firm's tax regime is missing"): settings.regime in REGIMES,
        _("there is no certificate of digital seal (CSD)"): seal_in_use(),
        _("it has not been chosen whether the PAC stamps in earnest"): settings.environment,
        _("the user and password at the PAC are missing"): settings.username and settings.password_sealed,
    }
    return [words for words, is_there in wanted.items() if not is_there]
