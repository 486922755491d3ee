"""What the demo's firm offered lately: a bigger pack that waits for an answer, and a year that is about to renew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ecuanime.contracts.actions import (
    create_plan,
    draft_quote,
    draft_version,
    open_contract,
    publish_version,
    send_quote,
)
from ecuanime.contracts.drafts import RateRow, VersionDraft
from ecuanime.contracts.models import PlanVersion
from ecuanime.contracts.offers import Offer
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.demo.customers import DEMAND, PACK_45
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.world import World

ASKED, DENTIST = 0, 1
"""The client that is being offered a pack, and the one whose year ends, by their place in the cast."""

OPENED, DEARER, SENT = 345, 75, 3
"""Days ago that the year began, that its price went up, and that the pack was offered."""

LAST = 300
"""The yearly contract's place in the order: what was contracted for each day's work comes first."""


class Offering:
    """Puts on the agenda what is offered to clients that have a project lead to answer it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def plan(self) -> None:
        """The offer, the yearly plan, its dearer version and the contract under it."""
        agenda, staff = self._world.agenda, self._world.staff
        agenda.add(self._day(OPENED + 5), self._publish_year, staff["lucia"])
        agenda.add(self._day(OPENED), self._open_year, staff["lucia"])
        agenda.add(self._day(DEARER), self._raise_price, staff["lucia"])
        agenda.add(self._day(SENT), self._offer, staff["lucia"])

    def _day(self, days_ago: int) -> datetime:
        return local((self._world.now - DAY * days_ago).astimezone(ZONE).date(), 11, 20)

    def _offer(self, at: datetime) -> None:
        version = PlanVersion.objects.select_related("plan").get(plan__code=PACK_45)
        starts_on = (at + DAY * 10).astimezone(ZONE).date()
        offer = Offer(
            version=version,
            starts_on=starts_on,
            valid_until=starts_on + timedelta(days=14),
            note="Con el traslado del servidor incluido.",
        )
        by = self._world.staff["lucia"]
        quote = draft_quote(client=self._world.clients[ASKED], offer=offer, by=by, now=at)
        send_quote(quote=quote, by=by, now=at)

    def _publish_year(self, at: datetime) -> None:
        plan = create_plan(code="anual", kind=TEMPLATES[DEMAND].kind, now=at)
        version = draft_version(plan=plan, draft=_year("46.00"), now=at)
        publish_version(version=version, by=self._world.staff["lucia"], now=at)

    def _open_year(self, at: datetime) -> None:
        world = self._world
        client = world.clients[DENTIST]
        open_contract(
            client=client,
            version=PlanVersion.objects.select_related("plan").get(plan__code="anual"),
            starts_on=at.astimezone(ZONE).date(),
            now=at,
            precedence=LAST,
            auto_renews=True,
            accepted_by=next(iter(world.lead_of(client.pk)), None),
            recorded_by=world.staff["lucia"],
        )

    def _raise_price(self, at: datetime) -> None:
        before = PlanVersion.objects.select_related("plan").get(plan__code="anual")
        version = draft_version(plan=before.plan, draft=_year("47.50"), now=at)
        publish_version(version=version, by=self._world.staff["lucia"], now=at)


def _year(price: str) -> VersionDraft:
    """On demand for a year at a time, cheaper by the hour."""
    return replace(
        TEMPLATES[DEMAND].draft,
        name_es="Bajo demanda, por años",
        name_en="On demand, by the year",
        rates=(RateRow(price_per_hour=Decimal(price)),),
        term_months=12,
        notice_days=30,
    )
