"""What the firm has declared about its program, and what still keeps it from issuing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ecuanime import __version__
from ecuanime.billing.models import SpainSettings
from ecuanime.billing.packs.es.verifactu import System
from ecuanime.billing.packs.es.verifactu.checks import is_nif, nif_of
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


def gaps() -> list[str]:
    """What is missing before invoices may be issued under the law of Spain, in words; empty when nothing is."""
    settings = spain_settings()
    if settings is None:
        return [_("the settings of Spain have not been filled in")]
    if settings.territory == SpainSettings.Territory.FORAL:
        return [
            _(
                "firms of the Basque Country and Navarre follow the systems of their own treasuries (TicketBAI, "
                "NaTicket), which Ecuánime does not speak"
            )
        ]
    wanted = {
        _("the name of the program's producer is missing"): settings.producer_name.strip(),
        _("the NIF of the program's producer is missing or wrong"): is_nif(settings.producer_nif),
        _("the postal address of the program's producer is missing"): settings.producer_address.strip(),
        _("the declaration of the producer bears no place"): settings.declared_place.strip(),
        _("the declaration of the producer bears no date"): settings.declared_on,
        _("the program has no name or code"): settings.system_name.strip() and settings.system_code.strip(),
        _("your firm's NIF is missing or wrong"): is_nif(nif_of(the_firm().tax_id)),
    }
    return [words for words, is_there in wanted.items() if not is_there]
