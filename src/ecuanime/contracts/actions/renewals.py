"""The end of a term: the client is told once, and the contract renews by itself or is offered again.

Whatever the client was not told in time does not count: then it renews as it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.contracts.access import may_answer
from ecuanime.contracts.actions.common import lock_contract
from ecuanime.contracts.actions.quotes import draft_quote, offer_of, send_quote
from ecuanime.contracts.course import begin, schedule, state_on, successor_of
from ecuanime.contracts.events import ContractOpened, ContractStarted
from ecuanime.contracts.letters import mail_nobody_told, mail_renewal_notice, readers_of
from ecuanime.contracts.models import BINDING, Contract, PlanVersion
from ecuanime.contracts.numbering import next_number
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date
from ecuanime.rules.contracts import told_in_time


def give_notice(contract: Contract, now: datetime) -> None:
    """Tell the client of a locked contract that its term ends, once; the caller saves it.

    Where it renews by itself the notice says as what: the version on sale, if the client hears of it in time, else the
    one it has. Where it does not, a renewal is offered, to be answered until the last day. A plan off sale is neither
    renewed nor offered. When nobody of the client can be told, the firm is.
    """
    leads, newest = readers_of(contract.client), newest_on_sale(contract)
    contract.noticed_on = local_date(now, contract.time_zone)
    if newest is not None and contract.auto_renews:
        contract.renewal_version = newest if leads and _is_in_time(contract) else contract.version
    elif newest is not None and not _is_over(contract):
        _offer_again(contract, newest, now, is_sent=bool(leads))
    if not leads:
        mail_nobody_told(contract, now=now)
    elif contract.auto_renews or newest is None:
        mail_renewal_notice(contract, leads, now=now)
    record(
        "contract_noticed",
        contract,
        now=now,
        number=contract.number,
        ends_on=contract.ends_on,
        to=[lead.email for lead in leads],
        renews_as=contract.renewal_version.number if contract.renewal_version else None,
    )


def newest_on_sale(contract: Contract) -> PlanVersion | None:
    """The newest published version of the contract's plan, if the plan is on sale and the client active."""
    plan = contract.version.plan
    if not plan.is_on_sale or not contract.client.is_active:
        return None
    return plan.versions.filter(published_at__isnull=False).order_by("-number").first()


def renew(contract: Contract, *, now: datetime) -> Contract | None:
    """Open the next term of a locked contract that has just ended, as its notice said, and announce it.

    None when something else has its place, its end was decided, or the client is not active any more.
    """
    version, ends_on = contract.renewal_version, contract.ends_on
    if version is None or ends_on is None or contract.is_final or not contract.client.is_active:
        return None
    if successor_of(contract) is not None:
        return None
    overage = ("overage", "overage_price", "overage_limit_minutes")
    choices = ("approval", *overage, "hours_visible", "auto_renews", "renews_pack")
    kept = ("client", "time_zone", "precedence", *choices)
    renewed = Contract(
        number=next_number(Contract, "number", "CT-"),
        version=version,
        starts_on=ends_on + timedelta(days=1),
        accepted_at=contract.accepted_at,
        accepted_by=contract.accepted_by,
        note=contract.note,
        replaces=contract,
        **{name: getattr(contract, name) for name in kept},
    )
    begin(renewed)
    renewed.state = state_on(renewed, local_date(now, renewed.time_zone))
    schedule(renewed)
    renewed.save()
    renewed.areas.set(contract.areas.all())
    renewed.sites.set(contract.sites.all())
    record("contract_renewed", renewed, now=now, number=renewed.number, replaces=contract.number)
    publish(ContractOpened(contract_id=renewed.pk))
    publish(ContractStarted(contract_id=renewed.pk))
    return renewed


@transaction.atomic
def stop_renewal(*, contract: Contract, by: User | Contact, now: datetime) -> Contract:
    """Say that a contract does not renew by itself when its term ends; one that does not stays so.

    A project lead says so in the portal, or somebody of the firm for them. Refused: `not_allowed`, `not_in_force`.
    """
    contract = _locked_to_stop(contract, by)
    if not contract.auto_renews:
        return contract
    contract.auto_renews = False
    contract.save(update_fields=["auto_renews"])
    record("renewal_stopped", contract, now=now, number=contract.number, by=by.name)
    return contract


@transaction.atomic
def stop_next_packs(*, contract: Contract, by: User | Contact, now: datetime) -> Contract:
    """Say that no further pack is ordered by itself; what was ordered stays. Refused: as `stop_renewal`."""
    contract = _locked_to_stop(contract, by)
    if not contract.renews_pack:
        return contract
    contract.renews_pack = False
    contract.save(update_fields=["renews_pack"])
    record("next_packs_stopped", contract, now=now, number=contract.number, by=by.name)
    return contract


def _locked_to_stop(contract: Contract, by: User | Contact) -> Contract:
    contract = lock_contract(contract)
    if isinstance(by, Contact) and not may_answer(by, contract):
        raise Refused("not_allowed", _("Only a project lead of your organisation can answer it."))
    if contract.state not in BINDING or contract.state == Contract.State.ENDED:
        raise Refused("not_in_force", _("%(number)s is not in force.") % {"number": contract.number})
    return contract


def _is_in_time(contract: Contract) -> bool:
    assert contract.noticed_on is not None
    assert contract.ends_on is not None
    return told_in_time(contract.noticed_on, contract.ends_on, contract.version.notice_days)


def _is_over(contract: Contract) -> bool:
    assert contract.noticed_on is not None
    assert contract.ends_on is not None
    return contract.ends_on < contract.noticed_on


def _offer_again(contract: Contract, version: PlanVersion, now: datetime, *, is_sent: bool) -> None:
    """Offer the next term, to be answered until the last day; a draft where nobody could read it."""
    assert contract.ends_on is not None
    offer = replace(
        offer_of(contract),
        version=version,
        starts_on=contract.ends_on + timedelta(days=1),
        ends_on=None,
        valid_until=contract.ends_on,
        replaces=contract,
    )
    quote = draft_quote(client=contract.client, offer=offer, by=contract.recorded_by, now=now)
    if is_sent:
        send_quote(quote=quote, by=contract.recorded_by, now=now)
