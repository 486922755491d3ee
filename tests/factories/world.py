"""One small world for the tests that walk all addresses: a firm at work, its client A, and client B beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ecuanime.accounts.actions import issue_api_token
from ecuanime.accounts.models import ApiToken, Role, User
from ecuanime.billing.actions import record_payment
from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.clients.models import Client, ClientDomain, Contact, Site
from ecuanime.contracts.models import Contract, PlanKind, PlanVersion
from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.files import store
from ecuanime.foundation.secrets import seal
from ecuanime.staff.models import Firm, Holiday, ProductArea
from ecuanime.tickets.actions import FileGiven, add_inbound_message, add_note, reply
from ecuanime.tickets.models import Attachment, Message, Ticket
from ecuanime.worklog.actions import record_time
from ecuanime.worklog.models import TimeEntry
from tests.factories import NOW, make_client, make_contact, make_contract, make_person, make_work_type
from tests.factories.billing import MONTH_END, Billing, make_issuing_firm, with_address
from tests.factories.entitlements import make_pack
from tests.factories.tickets import make_message, make_ticket
from tests.factories.worklog import Office, make_office

MAIL_PASSWORD = "la clave del buzón, que no sale de aquí"
"""What the mailbox's servers ask for; no page may ever hold it."""
ODD_NAME = 'informe "anual";\r\nX-Evil: 1 ñandú/..\\<b>.html'
"""A name for a file that a mail could bring."""
FORMULA = '=HYPERLINK("http://malo.example")'
"""A text that a spreadsheet would run."""


@dataclass(frozen=True)
class World:
    """Who there is, and one of everything that belongs to client A."""

    firm: Firm
    office: Office
    people: dict[str, User]
    client: Client
    lead: Contact
    contact: Contact
    other_lead: Contact
    contract: Contract
    lot: Lot
    area: ProductArea
    holiday: Holiday
    mailbox: Mailbox
    plan: PlanVersion
    ticket: Ticket
    own_ticket: Ticket
    stray: Ticket
    message: Message
    note: Message
    attachment: Attachment
    incoming: IncomingMail
    outgoing: OutgoingMail
    entry: TimeEntry
    sent: TimeEntry
    approved: TimeEntry
    invoice: Invoice
    draft: Invoice
    line: InvoiceLine
    domain: ClientDomain
    site: Site
    tokens: dict[str, tuple[ApiToken, str]]


def make_world() -> World:
    """The firm of Nodo Alisio, who works there, and one of everything. Each of `people` has an API token."""
    office = make_office(PlanKind.HOUR_PACK)
    firm = make_issuing_firm()
    with_address(office.client, name=FORMULA)
    people = _people(office)
    area = ProductArea.objects.create(code="linux", name="Linux")
    make_pack(office.contract, 1)
    written = _written(office, people["contact"].contact)
    worked = _worked(office)
    billed = _billed(office, people["billing"])
    lot = make_pack(office.contract, 2).paid
    mails = _mails()
    other = make_contract(people["other_lead"].contact.client)
    make_ticket(contact=people["other_lead"].contact, client=other.client)
    return World(
        firm=firm,
        office=office,
        people=people,
        client=office.client,
        lead=people["lead"].contact,
        contact=people["contact"].contact,
        other_lead=people["other_lead"].contact,
        contract=office.contract,
        lot=lot,
        area=area,
        holiday=Holiday.objects.create(on=date(2027, 6, 24), name="San Juan"),
        plan=office.contract.version,
        ticket=office.ticket,
        stray=make_ticket(client=None),
        domain=ClientDomain.objects.create(client=office.client, domain="uno.example", confirmed_at=NOW),
        site=Site.objects.create(client=office.client, name="Nave"),
        tokens={name: issue_api_token(user=user, name="informes", now=NOW) for name, user in people.items()},
        **written,
        **worked,
        **billed,
        **mails,
    )


def _people(office: Office) -> dict[str, User]:
    contact = make_contact(office.client, signs_in=True, name="Contacto de A", language="en")
    other = make_contact(make_client(name="B"), signs_in=True, is_project_lead=True, name="Líder de B")
    office.lead.user = User.objects.create_user(email=office.lead.email, name=office.lead.name)
    office.lead.sees_invoices = True
    office.lead.save()
    roles = {Role.CONSULTANT: "consultant", Role.BILLING: "billing", Role.ADMINISTRATOR: "administrator"}
    staff = {name: make_person(role, language="en") for role, name in roles.items()}
    assert contact.user
    assert other.user
    contacts = {"lead": office.lead.user, "contact": contact.user, "other_lead": other.user}
    return {"technician": office.technician, "supervisor": office.supervisor, **staff, **contacts}


def _written(office: Office, contact: Contact) -> dict[str, Any]:
    """A thread with an answer, a note and a file, and a ticket of the contact's own."""
    file = FileGiven(store(b"<script>alert(1)</script>"), name=ODD_NAME, media_type="text/html")
    brought = make_message(contact=office.lead, files=(file,))
    message = add_inbound_message(ticket=office.ticket, message=brought, now=NOW)
    reply(ticket=office.ticket, author=office.technician, text="Ya está.", now=NOW, seen_message=message.pk)
    note = add_note(ticket=office.ticket, author=office.technician, text="Ojo, moroso.", now=NOW)
    return {
        "message": message,
        "note": note,
        "attachment": Attachment.objects.get(message=message),
        "own_ticket": make_ticket(contact=contact, client=office.client, subject=FORMULA),
    }


def _worked(office: Office) -> dict[str, Any]:
    """Work in three states; the day of the open entry is not cut yet."""
    approved = office.approved(90)
    sent = office.sent(30, now=NOW + timedelta(days=1))
    entry = record_time(
        user=office.technician,
        ticket=office.ticket,
        work_type=make_work_type("remote"),
        work_on=date(2026, 11, 12),
        seconds=1800,
        note=FORMULA,
        now=NOW + timedelta(days=2),
    )
    return {"approved": approved, "sent": sent, "entry": entry}


def _billed(office: Office, clerk: User) -> dict[str, Any]:
    """An issued invoice that is partly paid, and a draft."""
    billing = Billing(office, clerk)
    invoice = billing.issue()
    record_payment(
        invoice=invoice,
        amount=100,
        received_on=MONTH_END.date(),
        by=clerk,
        now=MONTH_END,
        idempotency_key="payment of the world",
    )
    line = InvoiceLine.objects.get(charge=billing.order())
    return {"invoice": invoice, "draft": line.invoice, "line": line}


def _mails() -> dict[str, Any]:
    """A mailbox with servers, a mail in quarantine and one that waits to leave."""
    mailbox = Mailbox.objects.get()
    mailbox.smtp_host, mailbox.smtp_password_sealed = "smtp.nodo.example", seal(MAIL_PASSWORD)
    mailbox.save()
    ImapSource.objects.create(
        mailbox=mailbox, host="imap.nodo.example", username="soporte", password_sealed=seal(MAIL_PASSWORD)
    )
    incoming = store_arrival(raw=b"Subject: x\r\n\r\n1", origin="pipe", now=NOW)
    IncomingMail.objects.filter(pk=incoming.pk).update(state="quarantined", reason="timeout")
    file = FileToSend(store(b"x"), name=ODD_NAME, media_type="text/plain")
    outgoing = queue_mail(
        kind=OutgoingMail.Kind.PERSONAL,
        purpose="reply",
        to=["a@uno.example"],
        subject="Hola",
        text="Hola",
        files=[file],
        now=NOW,
    )
    return {"mailbox": mailbox, "incoming": incoming, "outgoing": outgoing}
