"""Emergencies of firms that are not known: what somebody writes is kept, and is declared once their address is proved.

The hour begins with that proof: it is then that the declaration reaches the firm and an expert is alerted. Before it
nobody is disturbed, and no clock can be started in the name of somebody else.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import Language
from ecuanime.clients.actions import add_contact, create_client, set_rights
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import recognise
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.models import OutgoingMail
from ecuanime.delivery.text import clean_address, keepable, one_line
from ecuanime.emergencies.actions.declaring import Declared, as_message, open_case, refuse_unfit
from ecuanime.emergencies.actions.ways import mail_way
from ecuanime.emergencies.conditions import the_service, version_on_sale
from ecuanime.emergencies.models import UNANSWERED, Emergency, PublicDeclaration
from ecuanime.emergencies.published import is_published, takes_strangers
from ecuanime.emergencies.words import moment_in
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import new_token, token_hash
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.actions import MessageGiven, add_inbound_message, open_ticket
from ecuanime.tickets.models import Channel, Priority, Ticket

PROOF_LASTS = timedelta(hours=6)
"""An emergency that nobody confirms for so long is none, or was solved."""
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """Who somebody says they are."""

    firm: str
    name: str
    email: str
    phone: str
    language: str


@transaction.atomic
def take_declaration(*, who: Stranger, declared: Declared, now: datetime) -> PublicDeclaration | None:
    """Keep what somebody wrote and mail them the link that declares it; None when no mail may go to them now.

    The mail repeats nothing of what was written: it would carry a spammer's words to whoever they named.
    Refused: `not_offered`, `area`, `bad_address`, `no_facts`, `no_desired`, `firm` and `name` (empty).
    """
    _refuse_closed_door(declared, now)
    address = clean_address(who.email).lower()
    for code, text, said in (
        ("firm", who.firm, _("Say which firm you write for.")),
        ("name", who.name, _("Say who you are.")),
        ("no_facts", declared.facts, _("Say what has stopped working.")),
        (
            "no_desired",
            declared.desired,
            _("Say when you would call it normal again: both sides are measured by it."),
        ),
    ):
        if not text.strip():
            raise Refused(code, said)
    if not may_send_automatic(address=address, subject_key=f"express:{address}", now=now):
        return None
    token = new_token()
    kept = PublicDeclaration.objects.create(
        firm=one_line(who.firm, 160),
        name=one_line(who.name, 120),
        email=address,
        phone=one_line(who.phone, 30),
        area=declared.area,
        facts=keepable(declared.facts).strip()[:5000],
        since=one_line(declared.since, 200),
        critical=keepable(declared.critical).strip()[:2000],
        desired=keepable(declared.desired).strip()[:2000],
        available=one_line(declared.available, 300),
        language=who.language if who.language in Language.values else Language.ES,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + PROOF_LASTS,
    )
    _send_proof(kept, token, now)
    return kept


@transaction.atomic
def confirm_declaration(*, token: str, now: datetime) -> Emergency:
    """Declare what was written, now that its address is proved; the hour begins. The same link gives the same case.

    A known address declares for its client. Who writes from a domain of a client becomes a person of it without any
    rights. For anybody else a client is taken on, whose project lead they are. A second declaration about an area of
    which they have a case without an answer is added to that one.
    Refused: `no_declaration` (unknown or too old), `call_us` (the firm does not serve that client any more), and as
    `take_declaration`.
    """
    rows = PublicDeclaration.objects.select_for_update(of=("self",)).select_related("area", "emergency")
    kept = rows.filter(token_hash=token_hash(token)).first()
    if kept is not None and kept.emergency is not None:
        return kept.emergency
    if kept is None or now >= kept.expires_at:
        raise Refused("no_declaration", _("This link is no longer good. Declare your emergency again."))
    declared = _declared_in(kept)
    _refuse_closed_door(declared, now)
    contact = _who_wrote(kept, now)
    with override(contact.spoken):
        kept.emergency = _known_case(contact, declared, now) or _declare(contact, declared, now)
        _tell(kept.emergency, contact, now)
    kept.facts = kept.critical = kept.desired = kept.available = ""
    kept.save(update_fields=["emergency", "facts", "critical", "desired", "available"])
    return kept.emergency


def declaration_waits(token: str, *, now: datetime) -> bool:
    """Whether the link in the mail still declares, or has declared, an emergency; looking uses nothing up."""
    kept = PublicDeclaration.objects.filter(token_hash=token_hash(token)).first()
    return kept is not None and (kept.emergency_id is not None or now < kept.expires_at)


def forget_unproved(*, now: datetime) -> int:
    """Forget what nobody has confirmed in a week; returns how much."""
    old = PublicDeclaration.objects.filter(emergency=None, created_at__lt=now - KEPT_FOR)
    return old.delete()[0]


def _refuse_closed_door(declared: Declared, now: datetime) -> None:
    if not takes_strangers():
        raise Refused("not_offered", _("Emergencies are not taken here. Call us, or write to us."))
    if not is_published(declared.area, now=now):
        raise Refused("area", _("Nobody is listed for that now. Call us, or write to us."))


def _declared_in(kept: PublicDeclaration) -> Declared:
    return Declared(
        area=kept.area,
        facts=kept.facts,
        since=kept.since,
        critical=kept.critical,
        desired=kept.desired,
        available=kept.available,
    )


def _who_wrote(kept: PublicDeclaration, now: datetime) -> Contact:
    """The person of a client that this address belongs to, taken on where it is not known; one at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"public declaration:{kept.email}".encode())]
        )
    known = recognise(kept.email)
    if known is not None and known.contact is not None:
        return known.contact
    if Contact.objects.filter(email__iexact=kept.email, is_active=True).exists():
        raise Refused("call_us", _("We cannot take it here. Call us, please."))
    client = known.client if known else None
    if client is None:
        currency = version_on_sale(the_service().express_plan).currency
        client = create_client(name=kept.firm, language=kept.language, currency=currency, now=now)
    contact = add_contact(
        client=client, name=kept.name, email=kept.email, phone=kept.phone, language=kept.language, now=now
    )
    if known is not None:
        return contact
    return set_rights(
        contact=contact,
        is_project_lead=True,
        sees_invoices=True,
        approves_up_to_minutes=None,
        approves_up_to_amount=None,
        now=now,
    )


def _known_case(contact: Contact, declared: Declared, now: datetime) -> Emergency | None:
    """The case about the same area that waits for its answer, with what was written now added to its ticket."""
    waiting = Emergency.objects.filter(contact=contact, area=declared.area, stage__in=UNANSWERED)
    found = waiting.select_related("ticket", "contact").order_by("-id").first()
    if found is not None:
        add_inbound_message(ticket=found.ticket, message=_message(contact, declared), now=now)
    return found


def _declare(contact: Contact, declared: Declared, now: datetime) -> Emergency:
    refuse_unfit(contact, declared, now)
    return open_case(_ticket_for(contact, declared, now), contact, declared, None, now)


def _ticket_for(contact: Contact, declared: Declared, now: datetime) -> Ticket:
    return open_ticket(
        subject=" ".join(declared.facts.split())[:120],
        channel=Channel.WEB,
        contact=contact,
        area=declared.area,
        priority=Priority.URGENT,
        message=_message(contact, declared),
        now=now,
    )


def _message(contact: Contact, declared: Declared) -> MessageGiven:
    return MessageGiven(
        text=as_message(declared),
        channel=Channel.WEB,
        from_name=contact.name,
        from_email=contact.email,
        contact=contact,
    )


def _tell(emergency: Emergency, contact: Contact, now: datetime) -> None:
    facts = {"number": emergency.number, "moment": ""}
    subject = _("We have your emergency %(number)s") % facts
    text = _("An expert looks at it, and says whether we can help.")
    if emergency.answer_due_at is not None:
        facts["moment"] = moment_in(emergency.answer_due_at, emergency.client.time_zone)
        text = _("An expert says whether we can help by %(moment)s. That answer costs nothing.") % facts
    mail_way(emergency, contact, subject=subject, text=text, key="declared", now=now)


def _send_proof(kept: PublicDeclaration, token: str, now: datetime) -> None:
    with override(kept.language):
        facts = {"firm": the_firm().name, "link": f"{settings.ECUANIME_URL}/urgencia/{token}/"}
        text = _(
            "Somebody, most likely you, has declared an emergency to %(firm)s with this address. Press the button of "
            "this page and we begin:\n\n%(link)s\n\nIf it was not you, there is nothing to do: nobody is alerted."
        )
        queue_mail(
            kind=OutgoingMail.Kind.AUTOMATIC,
            purpose="express_proof",
            to=[kept.email],
            subject=_("Confirm your emergency to %(firm)s") % facts,
            text=text % facts,
            subject_key=f"express:{kept.email}",
            idempotency_key=f"express_proof:{kept.pk}",
            now=now,
        )
