"""What the firm has declared about its program, and what still keeps it from issuing."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from ecuanime import __version__
from ecuanime.billing.models import SpainSettings
from ecuanime.billing.packs.es.verifactu import System
from ecuanime.billing.packs.es.verifactu.checks import is_nif, nif_of
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

DEMO_SYSTEM = System(
    producer_name="DEMO: NO ES UN SISTEMA DECLARADO",
    producer_nif="00000000T",
    name="Ecuánime DEMO",
    code="EC",
    version=__version__,
    installation="DEMO",
)
"""What the records of a demo firm say of their program: nobody could take them for real ones, and none is sent."""


def spain_settings() -> SpainSettings | None:
    """The row of the firm, once there is one."""
    return SpainSettings.objects.first()


def system_of(settings: SpainSettings) -> System:
    """The program as every record states it. One installation serves one firm, and knows no other mode."""
    return System(
        producer_name=settings.producer_name,
        producer_nif=settings.producer_nif,
        name=settings.system_name,
        code=settings.system_code,
        version=__version__,
        installation=settings.installation,
    )


def system_in_use(*, is_demo: bool) -> System | None:
    """What records are written with as things stand; None while something is missing."""
    if is_demo:
        return DEMO_SYSTEM
    settings = spain_settings()
    return None if settings is None or gaps() else system_of(settings)


def bound_from() -> date | None:
    """The day from which the firm must keep chained records; None while nothing is set."""
    settings = spain_settings()
    return None if settings is None else settings.effective_on


def gaps_at(now: datetime) -> list[str]:
    """What keeps invoices from being issued: before the firm is bound, by its own clock, only what no day changes."""
    since = bound_from()
    is_bound = since is None or local_date(now, the_firm().time_zone) >= since
    return gaps() if is_bound else _lasting_gaps()


def gaps() -> list[str]:
    """What is missing before records can be written under the law of Spain, in words; empty when nothing is."""
    settings = spain_settings()
    if settings is None:
        return [_("the settings of Spain have not been filled in")]
    if settings.territory == SpainSettings.Territory.FORAL:
        return _lasting_gaps()
    wanted = {
        _("the name of the program's producer is missing"): settings.producer_name.strip(),
        _("the NIF of the program's producer is missing or wrong"): is_nif(settings.producer_nif),
        _("the postal address of the program's producer is missing"): settings.producer_address.strip(),
        _("the declaration of the producer bears no place"): settings.declared_place.strip(),
        _("the declaration of the producer bears no date"): settings.declared_on,
        _("the program has no name or code"): settings.system_name.strip() and settings.system_code.strip(),
    }
    return [*(words for words, is_there in wanted.items() if not is_there), *_lasting_gaps()]


def _lasting_gaps() -> list[str]:
    """What keeps invoices from being issued whether records must be kept yet or not."""
    settings = spain_settings()
    if settings is not None and settings.territory == SpainSettings.Territory.FORAL:
        return [
            _(
                "firms of the Basque Country and Navarre follow the systems of their own treasuries (TicketBAI, "
                "NaTicket), which Ecuánime does not speak"
            )
        ]
    return [] if is_nif(nif_of(the_firm().tax_id)) else [_("your firm's NIF is missing or wrong")]
