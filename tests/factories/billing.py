"""Bills for tests, made along the real way: approved time, a run, an issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from ecuanime.accounts.models import Role, User
from ecuanime.billing import actions
from ecuanime.billing.models import Charge, HandedOver, HandOver, Invoice, ReceivedInvoice, Run
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Approval, Contract, PlanKind, PlanVersion, Rate, Surcharge
from ecuanime.foundation.files import store
from ecuanime.staff.models import Firm
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import TimeEntry
from tests.factories import make_firm, make_person, make_version, make_work_type, publish
from tests.factories.worklog import Office, make_office

MONTH_END = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
_keys = count(1)


def make_issuing_firm(**fields: Any) -> Firm:
    """A firm in Ireland with all that an invoice must name."""
    values = {"tax_id": "IE6388047V", "address": "1 Mill Lane", "postcode": "D02", "city": "Dublin"}
    return make_firm(**(values | {"iban": "IE29AIBK93115212345678"} | fields))


def with_address(client: Client, **fields: Any) -> Client:
    """The client with all that an invoice must name."""
    values = {"address": "Plaza de la Fuente, 9", "city": "Galway", "country": "IE", "language": "es"}
    for name, value in (values | {"invoice_email": "facturas@cliente.example"} | fields).items():
        setattr(client, name, value)
    client.save()
    return client


def by_the_minute(
    price: str = "44",
    kind: str = PlanKind.ON_DEMAND,
    *,
    surcharges: Sequence[tuple[str, str]] = (),
    unit_prices: Sequence[tuple[str, str]] = (),
    **fields: Any,
) -> PlanVersion:
    """A plan version without rounding steps at one price per hour; surcharges by circumstance, pieces by work type."""
    version = make_version(kind, is_published=False, rounding_step=1, **fields)
    Rate.objects.filter(version=version).update(price_per_hour=Decimal(price))
    for when, factor in surcharges:
        Surcharge.objects.create(version=version, when=when, factor=Decimal(factor))
    for code, unit_price in unit_prices:
        Rate.objects.create(version=version, work_type=make_work_type(code), unit_price=Decimal(unit_price))
    return publish(version)


@dataclass(frozen=True)
class Billing:
    """An office whose client approves by the supervisor alone, and a billing clerk who bills at the month's end."""

    office: Office
    clerk: User
    now: datetime = MONTH_END

    @property
    def client(self) -> Client:
        return self.office.client

    @property
    def lead(self) -> Contact:
        return self.office.lead

    @property
    def contract(self) -> Contract:
        return self.office.contract

    @property
    def ticket(self) -> Ticket:
        return self.office.ticket

    def approved(self, *minutes: int, **fields: Any) -> list[TimeEntry]:
        """So many entries of so many minutes, approved."""
        return [self.office.approved(each, **fields) for each in minutes]

    def run(self, up_to: date | None = None) -> Run:
        """A run that has been done."""
        run = actions.run_invoices(up_to=up_to or self.now.date(), by=self.clerk, now=self.now)
        return actions.continue_run(run=run, now=self.now)

    def draft(self) -> Invoice:
        """The draft that a run makes of what is approved."""
        self.run()
        drafts = Invoice.objects.filter(client=self.client, state=Invoice.State.DRAFT)
        return drafts.exclude(lines__charge__isnull=False).get()

    def issue(self, draft: Invoice | None = None) -> Invoice:
        """That draft, or another, issued."""
        return actions.issue_invoice(invoice=draft or self.draft(), by=self.clerk, now=self.now)

    def order(self, hours: int = 10, **fields: Any) -> Charge:
        """A pack ordered."""
        values = {"contract": self.contract, "quantity": hours, "now": self.now, "by": self.clerk}
        return actions.order_pack(**(values | {"idempotency_key": f"order-{next(_keys)}"} | fields))


def make_billing(kind: str = PlanKind.ON_DEMAND, *, version: Any = None, **client: Any) -> Billing:
    """A firm in Ireland that may issue, with a client on 44.00 an hour by the minute unless said otherwise."""
    office = make_office(kind, version=version or by_the_minute(kind=kind), approval=Approval.SUPERVISOR)
    make_issuing_firm()
    with_address(office.client, **client)
    return Billing(office, make_person(Role.BILLING, name="Marcos León", language="en"))


def make_received(**fields: Any) -> ReceivedInvoice:
    """A supplier's invoice of 100.00 and its tax, filed at the month's end with a file of its own."""
    number = f"R-{next(_keys)}"
    values = {
        "supplier_name": "Nube Clara",
        "supplier_tax_id": "IE4749148U",
        "number": number,
        "issued_on": MONTH_END.date(),
        "currency": "EUR",
        "net": 10_000,
        "tax": 2300,
        "total": 12_300,
        "about": "Servidor",
        "syntax": "ubl",
        "file": store(number.encode()),
        "filed_at": MONTH_END,
    }
    row = ReceivedInvoice.objects.create(**(values | fields))
    row.taxes.create(category="S", percent=23, base=row.net, amount=row.tax)
    return row


def make_handed_over(invoice: Invoice, by: User) -> HandedOver:
    """A document as if another program were to issue it."""
    made = HandOver.objects.create(made_at=MONTH_END, made_by=by, idempotency_key=f"hand-over-{next(_keys)}")
    return made.items.create(invoice=invoice)
