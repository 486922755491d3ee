"""Emergencies for tests, made along the real way: declared, answered, accepted, paid, worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions import issue_invoice, record_payment
from ecuanime.billing.models import Invoice
from ecuanime.clients.actions import add_section
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Approval, Contract, PlanKind, PlanVersion, Rate
from ecuanime.contracts.offers import hash_of
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Estimate
from ecuanime.emergencies.models import Acceptance, Emergency, ExpressService
from ecuanime.emergencies.paper import text_for
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.worklog.actions import record_time, review_entry
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories import (
    make_client,
    make_contact,
    make_mailbox,
    make_person,
    make_version,
    make_work_type,
    publish,
)
from tests.factories.billing import make_issuing_firm, with_address

STRUCK = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)
"""20:00 in Madrid, a Monday."""

NO_LEVELS: Mapping[str, str] = MappingProxyType({})
ESTIMATE = Estimate(
    certainty=70,
    risk="Se puede perder lo de anoche.",
    lasts_minutes=300,
    normalise_minutes=240,
    mitigate_minutes=360,
    guarantee_hours=2,
)


def by_minute(
    price: str, kind: str = PlanKind.ON_DEMAND, levels: Mapping[str, str] = NO_LEVELS, **fields: Any
) -> PlanVersion:
    """A plan in dollars at one price per hour, rounded to the minute, that supervisors alone approve.

    `levels` are what levels of competence cost instead.
    """
    values: dict[str, Any] = {"currency": "USD", "rounding_step": 1, "approval": Approval.SUPERVISOR}
    version = make_version(kind, is_published=False, **(values | fields))
    Rate.objects.filter(version=version).update(price_per_hour=Decimal(price))
    for level, other in levels.items():
        Rate.objects.create(version=version, level=level, price_per_hour=Decimal(other))
    return publish(version)


@dataclass
class Scene:
    """A firm that serves emergencies of Linux at 35.00 and on demand at 25.00, and a client without any contract."""

    area: ProductArea
    expert: User
    second: User
    supervisor: User
    administrator: User
    clerk: User
    client: Client
    lead: Contact
    service: ExpressService
    now: datetime = STRUCK
    case: Emergency = field(default_factory=Emergency)

    def later(self, **span: int) -> datetime:
        """Let time pass, and say what it is then."""
        self.now += timedelta(**span)
        return self.now

    def again(self) -> Emergency:
        """The case as it stands now."""
        self.case = Emergency.objects.get(pk=self.case.pk)
        return self.case

    def declare(self, **said: Any) -> Emergency:
        """The client declares it in the portal."""
        values: dict[str, Any] = {
            "area": self.area,
            "facts": "No arranca el servidor.",
            "desired": "Arranca y hay rutas.",
        }
        self.case = actions.declare_in_portal(
            contact=self.lead, declared=Declared(**(values | said)), now=self.now
        )
        return self.case

    def answer(self, **figures: Any) -> Emergency:
        """The expert says within ten minutes that it is viable."""
        actions.say_viable(
            emergency=self.case,
            estimate=replace(ESTIMATE, **figures),
            by=self.expert,
            now=self.later(minutes=10),
        )
        return self.again()

    def read(self, chosen: Contract | None = None) -> str:
        """The hash of the text that the client has before them."""
        case = self.again()
        return hash_of(text_for(case, actions.latest_answer(case), now=self.now, chosen=chosen))

    def accept(self, **fields: Any) -> Acceptance:
        """The client accepts five minutes later what they read."""
        self.later(minutes=5)
        values: dict[str, Any] = {"contact": self.lead, "address": "192.0.2.7", "now": self.now}
        values["text_sha256"] = self.read(fields.get("chosen"))
        accepted = actions.accept(emergency=self.case, **(values | fields))
        self.again()
        return accepted

    def pay(self) -> Emergency:
        """Billing notes the guarantee as paid, and the house hears of it."""
        guarantee = self.again().guarantee
        assert guarantee
        record_payment(
            invoice=guarantee,
            amount=guarantee.owed,
            received_on=self.now.date(),
            by=self.clerk,
            now=self.now,
            idempotency_key="transferencia",
        )
        actions.note_paid(emergency=self.case, now=self.now)
        return self.again()

    def work(self, **span: int) -> TimeEntry:
        """The expert works from now on for so long."""
        begun = self.now
        return record_time(
            user=self.expert,
            ticket=self.case.ticket,
            work_type=make_work_type("remote"),
            started_at=begun,
            ended_at=self.later(**span),
            now=self.now,
        )

    def normal(self, **fields: Any) -> Emergency:
        """The expert declares that service is normal again."""
        values: dict[str, Any] = {"evidence": "22 rutas creadas.", "by": self.expert, "now": self.now}
        actions.declare_normal(emergency=self.again(), **(values | fields))
        return self.again()

    def review(self) -> list[TimeEntry]:
        """The supervisor approves what was closed."""
        closed = TimeEntry.objects.filter(ticket=self.case.ticket, state=EntryState.CLOSED)
        return [
            review_entry(entry=entry, by=self.supervisor, now=self.now) for entry in closed.order_by("id")
        ]

    def bill(self, document: Any) -> Invoice:
        """Billing drafts a document of the case and issues it."""
        draft = actions.bill_phase(emergency=self.again(), document=document, by=self.clerk, now=self.now)
        return issue_invoice(invoice=draft, by=self.clerk, now=self.now)

    def write_dossier(self) -> None:
        """Somebody brings the client's dossier up to date."""
        add_section(
            client=self.client,
            title="Rutas",
            text="Servidor nuevo.",
            is_shown=True,
            by=self.expert,
            now=self.now,
        )


def make_scene(**service: Any) -> Scene:
    """The firm with its two rates, its alert list and its people, and the client with a project lead."""
    make_issuing_firm()
    make_mailbox()
    area = ProductArea.objects.create(code="linux", name="Linux")
    expert, second = make_person(name="Teo Bruna"), make_person(name="Nuria Vidal")
    supervisor = make_person(Role.SUPERVISOR, name="Irene Mora")
    administrator = make_person(Role.ADMINISTRATOR)
    for person in (expert, second):
        Competence.objects.create(user=person, area=area)
    client = with_address(make_client(name="Transportes Corzo"), language="en")
    values: dict[str, Any] = {
        "is_offered": True,
        "express_plan": by_minute("35.00", name_es="Express", name_en="Express").plan,
        "on_demand_plan": by_minute("25.00").plan,
    }
    made = actions.set_service(service=ExpressService(**(values | service)), by=administrator, now=STRUCK)
    actions.set_alert_list(area=area, people=[expert, second], by=administrator, now=STRUCK)
    return Scene(
        area=area,
        expert=expert,
        second=second,
        supervisor=supervisor,
        administrator=administrator,
        clerk=make_person(Role.BILLING),
        client=client,
        lead=make_contact(client, name="Hugo Salcedo", is_project_lead=True, signs_in=True),
        service=made,
    )
