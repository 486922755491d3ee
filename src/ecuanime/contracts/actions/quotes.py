"""Offering a plan to a client: drafting, sending, taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.actions import require_sites_of
from ecuanime.clients.models import Client
from ecuanime.contracts.actions.common import (
    lock_contract,
    lock_contracts,
    refuse_accepted_kin,
    refuse_overage,
    refuse_place,
    refuse_sale,
    withdraw,
)
from ecuanime.contracts.course import schedule
from ecuanime.contracts.events import QuoteSent
from ecuanime.contracts.letters import mail_quote, mail_withdrawal, readers_of
from ecuanime.contracts.models import Contract
from ecuanime.contracts.numbering import next_number
from ecuanime.contracts.offers import Offer
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date

_State = Contract.State


@transaction.atomic
def draft_quote(
    *, client: Client, offer: Offer, by: User | None, now: datetime, supersedes: Contract | None = None
) -> Contract:
    """Write an offer for a client under the next number; only the firm sees it until it is sent.

    It takes the place of the quote that it `supersedes` when it is sent.
    Refused: `inactive_client`, `not_published`, `withdrawn`, `ends_before_start`, `bad_overage`, `valid_until_past`,
    and for what it `replaces`: `of_another`, `not_in_force`, `already_replaced`, `starts_too_early`.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    _refuse_offer(client, offer, now)
    quote = Contract(
        number=next_number(Contract, "number", "CT-"),
        client=client,
        state=_State.DRAFT,
        recorded_by=by,
        supersedes=supersedes,
    )
    _write(quote, offer)
    record("quote_drafted", quote, now=now, **_said(quote))
    return quote


@transaction.atomic
def redraft_quote(*, quote: Contract, offer: Offer, now: datetime) -> Contract:
    """Replace what a draft offers. Refused: as `draft_quote`, and `not_draft`: what was sent does not change."""
    client = Client.objects.select_for_update(no_key=True).get(pk=quote.client_id)
    quote = lock_contract(quote)
    if quote.state != _State.DRAFT:
        raise Refused(
            "not_draft",
            _("%(number)s has been sent, so it does not change any more. Withdraw it and draft another one.")
            % {"number": quote.number},
        )
    _refuse_offer(client, offer, now)
    before = _said(quote)
    _write(quote, offer)
    record("quote_redrafted", quote, now=now, before=before, after=_said(quote))
    return quote


@transaction.atomic
def copy_quote(*, quote: Contract, by: User, now: datetime) -> Contract:
    """Draft a new offer with the same content, to change what was sent, declined or not answered in time.

    The first stays open to an answer until the new one is sent. Days gone by become today.
    Refused: as `draft_quote`, and `accepted`: what was accepted is changed by what takes its place.
    """
    if lock_contract(quote).is_binding:
        raise Refused(
            "accepted",
            _("%(number)s was accepted. Offer what takes its place instead.") % {"number": quote.number},
        )
    today = local_date(now, quote.time_zone)
    offer = offer_of(quote)
    until = offer.valid_until if offer.valid_until is None or offer.valid_until >= today else None
    offer = replace(offer, starts_on=max(offer.starts_on, today), valid_until=until)
    return draft_quote(client=quote.client, offer=offer, by=by, now=now, supersedes=quote)


@transaction.atomic
def send_quote(*, quote: Contract, by: User | None, now: datetime) -> Contract:
    """Send a draft to the client's project leads, in their language; from now on it does not change.

    A quote sent already is given back as it is. What it supersedes is withdrawn.
    Refused: `not_draft`, `nobody_to_send`, `accepted_otherwise` (what it supersedes was), and as
    `draft_quote` for what has changed since.
    """
    client = Client.objects.select_for_update(no_key=True).get(pk=quote.client_id)
    quote, superseded = _locked_with_superseded(quote)
    if quote.state == _State.QUOTED:
        return quote
    if quote.state != _State.DRAFT:
        raise Refused("not_draft", _("%(number)s is no draft any more.") % {"number": quote.number})
    refuse_accepted_kin(quote)
    _refuse_offer(client, offer_of(quote), now)
    leads = readers_of(client)
    if not leads:
        raise Refused(
            "nobody_to_send",
            _("%(client)s has no project lead with an e-mail address. Note one on the client's people page.")
            % {"client": client.name},
        )
    quote.state, quote.sent_at = _State.QUOTED, now
    schedule(quote)
    quote.save(update_fields=["state", "sent_at", "next_due_at"])
    if superseded is not None and superseded.state == _State.QUOTED:
        withdraw(superseded, now)
    mail_quote(quote, leads, now=now)
    record("quote_sent", quote, now=now, number=quote.number, to=[lead.email for lead in leads])
    publish(QuoteSent(contract_id=quote.pk))
    return quote


@transaction.atomic
def withdraw_quote(*, quote: Contract, now: datetime) -> Contract:
    """Take back an offer that nobody has answered, and tell those who have it; one withdrawn stays so.

    Refused: `answered`.
    """
    quote = lock_contract(quote)
    if quote.state == _State.WITHDRAWN:
        return quote
    if quote.state not in (_State.DRAFT, _State.QUOTED):
        raise Refused(
            "answered",
            _("%(number)s does not wait for an answer any more. Nothing was changed.")
            % {"number": quote.number},
        )
    if quote.state == _State.QUOTED:
        mail_withdrawal(quote, now=now)
    withdraw(quote, now)
    return quote


def _locked_with_superseded(quote: Contract) -> tuple[Contract, Contract | None]:
    wanted = {quote.pk, *([quote.supersedes_id] if quote.supersedes_id else [])}
    locked = lock_contracts(wanted)
    return locked[quote.pk], locked.get(quote.supersedes_id or 0)


def offer_of(quote: Contract) -> Offer:
    """What a quote offers, as a draft is written from."""
    return Offer(
        version=quote.version,
        starts_on=quote.starts_on,
        ends_on=quote.ends_on,
        valid_until=quote.valid_until,
        areas=tuple(quote.areas.all()),
        sites=tuple(quote.sites.all()),
        time_zone=quote.time_zone,
        approval=quote.approval,
        overage=quote.overage,
        overage_price=quote.overage_price,
        overage_limit_minutes=quote.overage_limit_minutes,
        hours_visible=quote.hours_visible,
        auto_renews=quote.auto_renews,
        renews_pack=quote.renews_pack,
        note=quote.note,
        replaces=quote.replaces,
    )


def _write(quote: Contract, offer: Offer) -> None:
    quote.version, quote.replaces = offer.version, offer.replaces
    quote.starts_on, quote.ends_on, quote.valid_until = offer.starts_on, offer.ends_on, offer.valid_until
    quote.time_zone = offer.time_zone or quote.client.time_zone
    quote.approval, quote.overage = offer.approval, offer.overage
    quote.overage_price, quote.overage_limit_minutes = offer.overage_price, offer.overage_limit_minutes
    quote.hours_visible, quote.note = offer.hours_visible, offer.note.strip()
    quote.auto_renews, quote.renews_pack = offer.auto_renews, offer.renews_pack
    quote.precedence = offer.replaces.precedence if offer.replaces else quote.precedence
    quote.save()
    quote.areas.set(offer.areas)
    quote.sites.set(offer.sites)


def _refuse_offer(client: Client, offer: Offer, now: datetime) -> None:
    refuse_sale(client, offer.version, offer.starts_on, offer.ends_on)
    refuse_overage(offer.overage_price, offer.overage_limit_minutes)
    require_sites_of(client.pk, offer.sites)
    today = local_date(now, offer.time_zone or client.time_zone)
    if offer.valid_until is not None and offer.valid_until < today:
        raise Refused(
            "valid_until_past", _("Nobody could answer it in time. Choose a last day that is still to come.")
        )
    if offer.replaces is not None:
        refuse_place(client, offer.replaces, offer.starts_on)


def _said(quote: Contract) -> dict[str, object]:
    """What a quote offers, for the audit trail."""
    return {
        "number": quote.number,
        "client": quote.client.code,
        "plan": quote.version.plan.code,
        "version": quote.version.number,
        "starts_on": quote.starts_on,
        "ends_on": quote.ends_on,
        "valid_until": quote.valid_until,
        "areas": [area.code for area in quote.areas.all()],
        "sites": [site.code for site in quote.sites.all()],
        "approval": quote.approval,
        "overage": quote.overage,
        "overage_price": quote.overage_price,
        "overage_limit_minutes": quote.overage_limit_minutes,
        "hours_visible": quote.hours_visible,
        "auto_renews": quote.auto_renews,
        "renews_pack": quote.renews_pack,
        "time_zone": quote.time_zone,
        "note": quote.note,
        "replaces": quote.replaces.number if quote.replaces else None,
    }
