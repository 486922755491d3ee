"""One small world for the tests that walk all addresses: a firm at work, its client A, and client B beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from ecuanime.accounts.actions import issue_api_token, issue_sign_in_link, link_identity
from ecuanime.accounts.models import ApiToken, Identity, Role, User
from ecuanime.accounts.openid.tokens import Claims
from ecuanime.billing.actions import ensure_pdf, keep_paper, record_payment
from ecuanime.billing.models import (
    BankEntry,
    BankFormat,
    Batch,
    CardEvent,
    Charge,
    CollectedInvoice,
    HandedOver,
    HandOver,
    Invoice,
    InvoiceLine,
    Payment,
    ReceivedInvoice,
    Run,
    Verdict,
    WaitingPaper,
)
from ecuanime.billing.queries import key_of
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import ImapSource, IncomingMail, MailRule
from ecuanime.clients.actions import add_section
from ecuanime.clients.models import Client, ClientDomain, Contact, DossierSection, Site
from ecuanime.contracts.actions import Paper, draft_quote, record_acceptance, send_quote
from ecuanime.contracts.models import Contract, PlanKind, PlanVersion
from ecuanime.contracts.offers import Offer
from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.models import Mailbox, OutgoingFile, OutgoingMail, ReturnedAddress
from ecuanime.emergencies.links import path_of_link
from ecuanime.emergencies.models import (
    Acceptance,
    Assessment,
    CaseLink,
    Emergency,
    Evidence,
    ExpressService,
    Happening,
    OnAlert,
    OwnAgreement,
)
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.files import store
from ecuanime.foundation.secrets import seal
from ecuanime.imports.actions import read_file, store_file
from ecuanime.imports.models import Import
from ecuanime.notices.actions import add_target
from ecuanime.notices.models import Notice, Target
from ecuanime.procedures.models import Checklist
from ecuanime.staff.actions import make_team
from ecuanime.staff.models import Competence, Firm, Holiday, Leave, ProductArea, Team
from ecuanime.tickets.actions import (
    Changes,
    FileGiven,
    add_inbound_message,
    add_note,
    keep_macro,
    keep_queue,
    keep_view,
    reply,
    start_bulk,
)
from ecuanime.tickets.models import Attachment, BulkRun, Macro, Message, Queue, SavedView, Ticket, TicketField
from ecuanime.worklog.actions import record_time, start_timer
from ecuanime.worklog.models import TimeEntry, Timer
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_person,
    make_version,
    make_work_type,
)
from tests.factories.agency import make_sent
from tests.factories.bank import ACCOUNT, make_collection, make_entries
from tests.factories.billing import (
    MONTH_END,
    Billing,
    make_handed_over,
    make_issuing_firm,
    make_received,
    with_address,
)
from tests.factories.cards import make_card_event
from tests.factories.emergencies import by_minute
from tests.factories.entitlements import make_pack
from tests.factories.passkeys import make_passkey
from tests.factories.tickets import make_message, make_ticket
from tests.factories.worklog import Office, make_office

MAIL_PASSWORD = "la clave del buzón, que no sale de aquí"
"""What the mailbox's servers ask for; no page may ever hold it."""
ODD_NAME = 'informe "anual";\r\nX-Evil: 1 ñandú/..\\<b>.html'
"""A name for a file that a mail could bring."""
NOTE = "Ojo, moroso."
"""What the team says among itself."""
FORMULA = '=HYPERLINK("http://malo.example")'
"""A text that a spreadsheet would run."""


@dataclass(frozen=True)
class Picture:
    """A picture that a mail carried inside."""

    incoming: IncomingMail
    content_id: str


@dataclass(frozen=True)
class World:
    """Who there is, and one of everything that belongs to client A."""

    firm: Firm
    office: Office
    people: dict[str, User]
    client: Client
    lead: Contact
    contact: Contact
    plain_contact: Contact
    other_lead: Contact
    contract: Contract
    lot: Lot
    area: ProductArea
    holiday: Holiday
    team: Team
    notice: Notice
    section: DossierSection
    passkey: Authenticator
    target: Target
    identity: Identity
    leave: Leave
    mailbox: Mailbox
    mail_rule: MailRule
    returned_address: ReturnedAddress
    plan: PlanVersion
    unpublished: PlanVersion
    ticket: Ticket
    own_ticket: Ticket
    stray: Ticket
    message: Message
    note: Message
    answer: Message
    attachment: Attachment
    secret: Attachment
    picture: Picture
    incoming: IncomingMail
    outgoing: OutgoingMail
    outgoing_file: OutgoingFile
    timer: Timer
    cut_day: date
    entry: TimeEntry
    sent: TimeEntry
    approved: TimeEntry
    invoice: Invoice
    received: ReceivedInvoice
    paper: WaitingPaper
    bank_entry: BankEntry
    card_event: CardEvent
    debit: CollectedInvoice
    hand_over: HandOver
    handed_over: HandedOver
    bank_columns: BankFormat
    run: Run
    batch: Batch
    payment: Payment
    verdict: Verdict
    draft: Invoice
    ordered: Lot
    fee: Charge
    line: InvoiceLine
    checklist: Checklist
    emergency: Emergency
    case_link: CaseLink
    case_key: str
    evidence: Evidence
    internal_evidence: Evidence
    ticket_field: TicketField
    domain: ClientDomain
    site: Site
    brought: Import
    queue: Queue
    saved_view: SavedView
    macro: Macro
    bulk: BulkRun
    drafted: Contract
    quote: Contract
    signed: Contract
    tokens: dict[str, tuple[ApiToken, str]]
    link: str

    @property
    def token(self) -> ApiToken:
        """The technician's."""
        return self.tokens["technician"][0]

    @property
    def draft_key(self) -> str:
        """What names the draft in an address."""
        return key_of(self.draft)

    @property
    def colleague(self) -> User:
        """Somebody of the firm whom the administrator looks after."""
        return self.people["consultant"]


def make_world() -> World:
    """The firm of Nodo Alisio, who works there, and one of everything. Each of `people` has an API token."""
    office = make_office(PlanKind.HOUR_PACK)
    firm = make_issuing_firm(takes_public_requests=True)
    with_address(office.client, name=FORMULA)
    people = _people(office)
    TOTP.activate(office.technician, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(office.technician)
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
        plain_contact=make_contact(office.client, name="Sin acceso"),
        other_lead=people["other_lead"].contact,
        contract=office.contract,
        lot=lot,
        area=area,
        passkey=make_passkey(office.technician),
        section=add_section(
            client=office.client, title=FORMULA, text=NOTE, is_shown=False, by=office.technician, now=NOW
        ),
        identity=link_identity(
            user=office.technician, claims=Claims("https://id.example", "1", "a@id.example"), now=NOW
        ),
        target=add_target(user=office.technician, name=FORMULA, url="ntfys://push.example/x", now=NOW),
        notice=Notice.objects.create(
            user=office.technician,
            kind="mention",
            event_id="x",
            title=FORMULA,
            url="/tickets/",
            created_at=NOW,
        ),
        team=make_team(name=FORMULA, members=[office.technician], now=NOW),
        leave=Leave.objects.create(
            user=people["consultant"], first_day=date(2027, 8, 2), last_day=date(2027, 8, 6), asked_at=NOW
        ),
        holiday=Holiday.objects.create(on=date(2027, 6, 24), name="San Juan"),
        plan=office.contract.version,
        unpublished=make_version(is_published=False),
        ticket=office.ticket,
        stray=make_ticket(client=None),
        ticket_field=TicketField.objects.create(name="Serie", kind="text"),
        checklist=Checklist.objects.create(name=FORMULA),
        **_case_of(office, area),
        domain=ClientDomain.objects.create(client=office.client, domain="uno.example", confirmed_at=NOW),
        site=Site.objects.create(client=office.client, name="Nave"),
        brought=read_file(
            file=store_file(
                kind="clients",
                content=f"Nombre;NIF\nÓptica Lunares;\n{FORMULA};B12345674".encode(),
                name="clientes.csv",
                by=people["administrator"],
                now=NOW,
            ),
            now=NOW,
        ),
        macro=keep_macro(
            macro=None, by=office.supervisor, name=FORMULA, note="Visto.", for_everybody=True, now=NOW
        ),
        bulk=start_bulk(
            tickets=[office.ticket.pk], changes=Changes(priority=2), by=office.technician, now=NOW
        ),
        queue=keep_queue(queue=None, name=FORMULA, now=NOW),
        saved_view=keep_view(
            view=None, by=office.technician, name=FORMULA, query="is:open", audience="everybody", now=NOW
        ),
        tokens={
            name: issue_api_token(user=user, name="informes", scope="write", now=NOW)
            for name, user in people.items()
        },
        link=issue_sign_in_link(user=people["contact"], now=MONTH_END),
        **written,
        **worked,
        **billed,
        **mails,
        **_offered(office),
    )


def _emergency(office: Office, area: ProductArea) -> Emergency:
    """A case of the client's that was accepted, with its paper and a proof of payment."""
    plan = by_minute("35.00").plan
    ExpressService.objects.create(
        pk=1, is_offered=True, takes_strangers=True, express_plan=plan, on_demand_plan=plan
    )
    file = store(b"%PDF-1.4")
    emergency = Emergency.objects.create(
        number="EX-0001",
        ticket=office.ticket,
        client=office.client,
        contact=office.lead,
        area=area,
        stage="guarantee_due",
        facts=FORMULA,
        desired=FORMULA,
        declared_at=NOW,
        answered_at=NOW,
        opened_at=NOW,
        lead=office.technician,
        guarantee=Invoice.objects.filter(client=office.client, state="issued").order_by("pk")[0],
        proof=file,
        proof_name=ODD_NAME,
    )
    answer = Assessment.objects.create(
        emergency=emergency,
        number=1,
        is_viable=True,
        certainty=70,
        risk=FORMULA,
        lasts_minutes=300,
        normalise_minutes=180,
        mitigate_minutes=360,
        guarantee_hours=2,
        given_at=NOW,
        given_by=office.technician,
    )
    Acceptance.objects.create(
        emergency=emergency,
        assessment=answer,
        contact=office.lead,
        name=office.lead.name,
        accepted_at=NOW,
        text=FORMULA,
        text_sha256="0" * 64,
        pdf=file,
    )
    OwnAgreement.objects.create(
        emergency=emergency,
        file=file,
        name=ODD_NAME,
        media_type="application/pdf",
        given_by=office.lead,
        given_at=NOW,
    )
    return emergency


def _case_of(office: Office, area: ProductArea) -> dict[str, Any]:
    """The case with two files of its room, and the way of the client's project lead to it without an account."""
    emergency = _emergency(office, area)
    Competence.objects.get_or_create(user=office.technician, area=area)
    OnAlert.objects.create(area=area, user=office.technician, position=1)
    link = CaseLink.objects.create(
        emergency=emergency, contact=office.lead, created_at=NOW, expires_at=NOW + timedelta(days=9000)
    )
    shown, internal = (
        Happening.objects.create(emergency=emergency, act="fact", at=NOW, text=FORMULA, is_internal=each)
        for each in (False, True)
    )
    kept = {"file": store(b"%PDF-1.4"), "name": ODD_NAME, "media_type": "application/pdf"}
    return {
        "emergency": emergency,
        "case_link": link,
        "case_key": path_of_link(link).split("/")[2],
        "evidence": Evidence.objects.create(happening=shown, **kept),
        "internal_evidence": Evidence.objects.create(happening=internal, **kept),
    }


def _people(office: Office) -> dict[str, User]:
    contact = make_contact(office.client, signs_in=True, name="Contacto de A", language="en")
    other = make_contact(make_client(name="B"), signs_in=True, is_project_lead=True, name="Líder de B")
    office.lead.user = User.objects.create_user(email=office.lead.email, name=office.lead.name)
    office.lead.sees_invoices = office.lead.sees_dossier = office.lead.manages_people = True
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
    drawn = FileGiven(
        store(b"\x89PNG\r\n\x1a\n"), name="a.png", media_type="image/png", content_id="a@b", is_inline=True
    )
    brought = make_message(contact=office.lead, files=(file, drawn))
    message = add_inbound_message(ticket=office.ticket, message=brought, now=NOW)
    answer = reply(
        ticket=office.ticket, author=office.technician, text="Ya está.", now=NOW, seen_message=message.pk
    )
    note = add_note(ticket=office.ticket, author=office.technician, text=NOTE, files=(file,), now=NOW)
    arrival = store_arrival(raw=b"Subject: y\r\n\r\n1", origin="pipe", now=NOW)
    IncomingMail.objects.filter(pk=arrival.pk).update(state="filed", message=message, ticket=office.ticket)
    return {
        "message": message,
        "answer": answer,
        "note": note,
        "attachment": Attachment.objects.get(message=message, is_inline=False),
        "secret": Attachment.objects.get(message=note),
        "picture": Picture(arrival, "a@b"),
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
    work_type = make_work_type("remote")
    start_timer(user=office.technician, ticket=office.ticket, work_type=work_type, now=MONTH_END)
    day = TimeEntry.objects.get(pk=sent.pk, cut__isnull=False).cut.day
    return {"approved": approved, "sent": sent, "entry": entry, "timer": Timer.objects.get(), "cut_day": day}


def _billed(office: Office, clerk: User) -> dict[str, Any]:
    """An issued invoice that is partly paid, and a draft."""
    billing = Billing(office, clerk)
    invoice = ensure_pdf(invoice=billing.issue(), now=MONTH_END)
    payment = record_payment(
        invoice=invoice,
        amount=100,
        received_on=MONTH_END.date(),
        by=clerk,
        now=MONTH_END,
        idempotency_key="payment of the world",
    )
    order = billing.order()
    line = InvoiceLine.objects.get(charge=order)
    handed = make_handed_over(invoice, clerk)
    return {
        "invoice": invoice,
        "received": make_received(filed_by=clerk),
        "paper": keep_paper(content=b"%PDF-1.4 on paper", name="f.pdf", by=clerk, now=MONTH_END),
        "handed_over": handed,
        "hand_over": handed.hand_over,
        "bank_entry": make_entries(clerk)[0],
        "card_event": make_card_event(),
        "debit": make_collection(invoice, clerk),
        "bank_columns": BankFormat.objects.create(name="Banco", account=ACCOUNT),
        "run": Run.objects.get(),
        "batch": Batch.objects.create(
            started_at=MONTH_END, started_by=clerk, idempotency_key="batch of the world"
        ),
        "payment": payment,
        "verdict": make_sent(invoice),
        "draft": line.invoice,
        "ordered": order.lot,
        "fee": Charge.objects.create(
            client=office.client,
            contract=office.contract,
            description="Cuota",
            units=1,
            price=10,
            created_at=MONTH_END,
            cancelled_at=MONTH_END,
            idempotency_key="fee of the world",
        ),
        "line": line,
    }


def _offered(office: Office) -> dict[str, Any]:
    """An offer that is being drafted, one that waits for an answer, and one accepted on paper."""
    offer = Offer(version=make_version(PlanKind.ON_DEMAND), starts_on=date(2027, 1, 1), note=FORMULA)
    by = office.supervisor
    drafted, quote, agreed = (
        draft_quote(client=office.client, offer=offer, by=by, now=MONTH_END) for _ in range(3)
    )
    paper = Paper(name="Ana", given_on=MONTH_END.date(), file=store(b"x"), file_name=ODD_NAME)
    return {
        "drafted": drafted,
        "quote": send_quote(quote=quote, by=by, now=MONTH_END),
        "signed": record_acceptance(quote=agreed, paper=paper, by=by, now=MONTH_END),
    }


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
    sent = outgoing.attachments.get()
    made = {"mailbox": mailbox, "incoming": incoming, "outgoing": outgoing, "outgoing_file": sent}
    made["mail_rule"] = MailRule.objects.create(name="Avisos", priority=4)
    made["returned_address"] = ReturnedAddress.objects.create(
        address="nadie@uno.example", words="550 5.1.1 unknown", returned_at=NOW
    )
    return made
