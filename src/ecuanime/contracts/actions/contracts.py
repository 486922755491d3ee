"""Opening a contract that was agreed without a quote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.actions import require_sites_of
from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.actions.common import refuse_overage, refuse_sale
from ecuanime.contracts.course import begin, schedule, state_on
from ecuanime.contracts.events import ContractOpened, ContractStarted
from ecuanime.contracts.models import Contract, PlanVersion
from ecuanime.contracts.numbering import next_number
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date
from ecuanime.staff.models import ProductArea


@transaction.atomic
def open_contract(
    *,
    client: Client,
    version: PlanVersion,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    areas: Iterable[ProductArea] = (),
    sites: Sequence[Site] = (),
    time_zone: str = "",
    precedence: int = 100,
    approval: str = "",
    overage: str = "",
    overage_price: Decimal | None = None,
    overage_limit_minutes: int | None = None,
    auto_renews: bool = False,
    renews_pack: bool = False,
    hours_visible: bool | None = None,
    accepted_by: Contact | None = None,
    accepted_at: datetime | None = None,
    recorded_by: User | None = None,
) -> Contract:
    """Record a contract agreed without a quote, under the next number (CT-0001), and announce it.

    Empty overrides mean: as the version says; an empty zone: the client's; no `accepted_at`: now. It grants no
    hours: a pack is bought (billing orders it, entitlements grants it), and an allowance comes with each period, the
    first of which is due on the first day.
    Refused: `inactive_client`, `not_published`, `withdrawn`, `not_their_contact`, `ends_before_start`, `bad_overage`,
    `not_their_site`.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    refuse_sale(client, version, starts_on, ends_on)
    refuse_overage(overage_price, overage_limit_minutes)
    require_sites_of(client.pk, sites)
    _refuse_contact(client, accepted_by)
    contract = Contract(
        number=next_number(Contract, "number", "CT-"),
        client=client,
        version=version,
        time_zone=time_zone or client.time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        precedence=precedence,
        approval=approval,
        overage=overage,
        overage_price=overage_price,
        overage_limit_minutes=overage_limit_minutes,
        auto_renews=auto_renews,
        renews_pack=renews_pack,
        hours_visible=hours_visible,
        accepted_at=accepted_at or now,
        accepted_by=accepted_by,
        recorded_by=recorded_by,
    )
    begin(contract)
    contract.state = state_on(contract, local_date(now, contract.time_zone))
    schedule(contract)
    contract.save()
    contract.areas.set(areas)
    contract.sites.set(sites)
    facts = {"client": client.code, "plan": version.plan.code, "version": version.number}
    record("contract_opened", contract, now=now, number=contract.number, starts_on=starts_on, **facts)
    publish(ContractOpened(contract_id=contract.pk))
    if contract.state == Contract.State.ACTIVE:
        publish(ContractStarted(contract_id=contract.pk))
    return contract


def _refuse_contact(client: Client, contact: Contact | None) -> None:
    if contact is not None and contact.client_id != client.pk:
        raise Refused(
            "not_their_contact",
            _("%(name)s is not a contact of this client. Choose who accepted it for them.")
            % {"name": contact.name},
        )
