"""Opening a contract that a client has accepted, and giving it its last day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.events import ContractEnded, ContractOpened
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
    time_zone: str = "",
    precedence: int = 100,
    approval: str = "",
    overage: str = "",
    hours_visible: bool | None = None,
    accepted_by: Contact | None = None,
    accepted_at: datetime | None = None,
    recorded_by: User | None = None,
) -> Contract:
    """Record a client's acceptance of a published version, under the next number (CT-0001), and announce it.

    Empty overrides mean: as the version says; an empty zone: the client's; no `accepted_at`: now. It grants no
    hours: a pack is bought (billing orders it, entitlements grants it).
    Refused: `inactive_client`, `not_published`, `withdrawn`, `not_their_contact`, `ends_before_start`.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    _refuse_contract(client, version, starts_on, ends_on, accepted_by)
    contract = Contract.objects.create(
        number=next_number(Contract, "number", "CT-"),
        client=client,
        version=version,
        time_zone=time_zone or client.time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        precedence=precedence,
        approval=approval,
        overage=overage,
        hours_visible=hours_visible,
        accepted_at=accepted_at or now,
        accepted_by=accepted_by,
        recorded_by=recorded_by,
    )
    contract.areas.set(areas)
    facts = {"client": client.code, "plan": version.plan.code, "version": version.number}
    record("contract_opened", contract, now=now, number=contract.number, starts_on=starts_on, **facts)
    publish(ContractOpened(contract_id=contract.pk))
    return contract


def _refuse_contract(
    client: Client, version: PlanVersion, starts_on: date, ends_on: date | None, contact: Contact | None
) -> None:
    if not client.is_active:
        raise Refused(
            "inactive_client", _("This client is not active. Activate it before it contracts anything.")
        )
    if version.published_at is None:
        raise Refused(
            "not_published",
            _("This version is a draft and can still change, so nobody can accept it. Publish it first."),
        )
    if not version.plan.is_on_sale:
        raise Refused(
            "withdrawn", _("This plan is no longer on sale. Choose another one, or put it on sale again.")
        )
    if contact is not None and contact.client_id != client.pk:
        raise Refused(
            "not_their_contact",
            _("%(name)s is not a contact of this client. Choose who accepted it for them.")
            % {"name": contact.name},
        )
    if ends_on is not None and ends_on < starts_on:
        _refuse_end()


def _refuse_end() -> None:
    raise Refused(
        "ends_before_start",
        _("A contract cannot end before it starts. Choose a last day on or after its first."),
    )


@transaction.atomic
def end_contract(*, contract: Contract, ends_on: date, reason: str, now: datetime) -> Contract:
    """Give a contract its last day, inclusive, in its zone; work done until then is still rated by it.

    It stays active until that day is over. Refused: `ended`, `ends_before_start`.
    """
    contract = Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    if contract.state == Contract.State.ENDED:
        raise Refused("ended", _("This contract has ended already. Nothing was changed."))
    if ends_on < contract.starts_on:
        _refuse_end()
    contract.ends_on = ends_on
    if ends_on < local_date(now, contract.time_zone):
        contract.state = Contract.State.ENDED
    contract.save(update_fields=["ends_on", "state"])
    record("contract_ended", contract, now=now, number=contract.number, ends_on=ends_on, reason=reason)
    publish(ContractEnded(contract_id=contract.pk))
    return contract
