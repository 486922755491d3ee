"""Organisations taken on and changed, and their sites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Language
from ecuanime.clients.addresses import require_address
from ecuanime.clients.events import ClientRenamed
from ecuanime.clients.models import Client, InvoiceFormat, Site
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.countries import is_country, is_currency, usual_zone
from ecuanime.staff.queries import current_firm
from ecuanime.staff.tax_ids import checked_tax_id

_NUMBERING_LOCK = 0x6563_636C  # "eccl": any number that nothing else in this database uses


class ClientChanges(TypedDict, total=False):
    """What can be changed about a client; what is left out stays."""

    name: str
    legal_name: str
    tax_id: str
    kind: str
    in_retail_scheme: bool
    address: str
    postcode: str
    city: str
    region: str
    country: str
    language: str
    time_zone: str
    currency: str
    uses_usted: bool
    invoice_email: str
    invoice_format: str
    office_accounting: str
    office_managing: str
    office_processing: str
    notes: str


@transaction.atomic
def create_client(*, now: datetime, **details: Unpack[ClientChanges]) -> Client:
    """Take a client on under the next code (C-0001); what is not said is as the firm's.

    Refuses `no_name`, `unknown_country`, `tax_id`, `unknown_time_zone`, `unknown_language`, `unknown_currency`,
    `unknown_format`, `offices`, `unknown_kind`, `not_a_retailer` (a consumer) and `bad_email`.
    """
    client = Client(created_at=now)
    firm = current_firm()
    if firm is not None:
        country = details.get("country") or firm.country
        client.country, client.currency, client.language = country, firm.currency, firm.language
        client.time_zone = firm.time_zone if country == firm.country else usual_zone(country)
    _apply(client, details)
    client.code = _next_code()
    client.save(force_insert=True)
    audit.record("client_created", client, now=now, code=client.code, name=client.name)
    return client


@transaction.atomic
def update_client(*, client: Client, now: datetime, **changes: Unpack[ClientChanges]) -> Client:
    """Change what is given; issued invoices keep what they said. Refuses as `create_client`.

    Publishes ClientRenamed with a new name.
    """
    kept = _locked(client)
    before = {field: getattr(kept, field) for field in changes}
    _apply(kept, changes)
    changed = [field for field, value in before.items() if getattr(kept, field) != value]
    if changed:
        kept.save()
        audit.record("client_changed", kept, now=now, fields=changed)
    if "name" in changed:
        publish(ClientRenamed(client_id=kept.pk))
    return kept


@transaction.atomic
def set_client_active(*, client: Client, active: bool, now: datetime) -> Client:
    """Stop or resume serving a client; while stopped its people cannot open the portal. Nothing is deleted."""
    kept = _locked(client)
    if kept.is_active != active:
        kept.is_active = active
        kept.save(update_fields=["is_active"])
        audit.record("client_resumed" if active else "client_stopped", kept, now=now)
    return kept


@transaction.atomic
def add_site(*, client: Client, name: str, now: datetime, address: str = "", city: str = "") -> Site:
    """Note a place where work is done. Refuses `no_name`."""
    if not name.strip():
        raise Refused("no_name", _("Give the site a name, as in Head office or Warehouse."))
    site = Site.objects.create(client=client, name=name.strip(), address=address.strip(), city=city.strip())
    audit.record("site_added", site, now=now, client=client.pk, name=site.name)
    return site


def require_sites_of(client_id: int | None, sites: Iterable[Site]) -> None:
    """Refuse `not_their_site` unless all these sites are this client's."""
    for site in sites:
        if site.client_id != client_id:
            text = _("%(name)s is not a site of this client. Choose one of theirs.")
            raise Refused("not_their_site", text % {"name": site.name})


@transaction.atomic
def remove_site(*, site: Site, now: datetime) -> None:
    """Take a place off the client's page. Refuses `site_in_use` when a contract, a lot, a ticket or time names it."""
    kept = Site.objects.select_for_update().get(pk=site.pk)
    names = [field.get_accessor_name() for field in Site._meta.related_objects]
    if any(name is not None and getattr(kept, name).exists() for name in names):
        raise Refused(
            "site_in_use",
            _("Contracts, tickets or time name %(name)s, so it stays.") % {"name": kept.name},
        )
    audit.record("site_removed", kept, now=now, client=kept.client_id, name=kept.name)
    kept.delete()


def _locked(client: Client) -> Client:
    return Client.objects.select_for_update().get(pk=client.pk)


def _apply(client: Client, changes: ClientChanges) -> None:
    for field, value in changes.items():
        setattr(client, field, value.strip() if isinstance(value, str) else value)
    if not client.name:
        raise Refused("no_name", _("A client needs a name: it is what everybody will look for."))
    if not is_country(client.country):
        raise Refused("unknown_country", _("There is no such country. Choose one of the list."))
    if client.time_zone not in available_timezones():
        raise Refused("unknown_time_zone", _("There is no such time zone. Choose one of the list."))
    if client.language not in Language.values:
        raise Refused("unknown_language", _("That language is not available."))
    if not is_currency(client.currency):
        raise Refused(
            "unknown_currency", _("There is no such currency. Use its three letters, as in EUR or MXN.")
        )
    if client.invoice_format not in InvoiceFormat.values:
        raise Refused("unknown_format", _("There is no such electronic invoice. Choose one of the list."))
    if client.kind not in Client.Kind.values:
        raise Refused("unknown_kind", _("Say whether it is taxed as a business or as a consumer."))
    if client.in_retail_scheme and client.kind != Client.Kind.BUSINESS:
        raise Refused(
            "not_a_retailer", _("Only businesses pay the equivalence surcharge, and a consumer is none.")
        )
    if any(client.offices) != all(client.offices):
        raise Refused("offices", _("An administration has three DIR3 codes: give all of them, or none."))
    if client.invoice_email:
        require_address(client.invoice_email)
    client.tax_id = checked_tax_id(client.country, client.tax_id)


def _next_code() -> str:
    """One more than the highest number in use; the lock, held until commit, makes two at once take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
    numbered = Client.objects.filter(code__regex=r"^C-[0-9]{1,9}$")
    highest = numbered.aggregate(highest=Max(Cast(Substr("code", 3), IntegerField())))["highest"] or 0
    return f"C-{highest + 1:04}"
