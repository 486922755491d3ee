"""Small answers: where a reply goes, which contract fits, which ticket a mail belongs to and who takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contract_that_fits
from ecuanime.delivery.queries import own_addresses
from ecuanime.foundation.prepared import prepared
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Message, Ticket
from ecuanime.tickets.threading import TOKEN, message_id_hash, token_in

_AT_HAND = ("client", "contact", "mailbox", "assignee", "merged_into")


def reply_recipients(ticket: Ticket) -> list[str]:
    """Where a reply goes unless somebody chooses: the contact's address, else the requester's; maybe nowhere.

    After a merge also to the contacts of the tickets merged into it, as long as they are this client's. Never to a
    mailbox of the firm: a mail from oneself to oneself would come in again.
    """
    asked = [_address_of(ticket.contact) or ticket.requester_email, *_asked_on_merged(ticket)]
    own = own_addresses()
    known = {address.lower(): address for address in reversed(asked) if address}
    return [address for plain, address in reversed(known.items()) if plain not in own]


def _asked_on_merged(ticket: Ticket) -> list[str]:
    """Whoever asked without being known as a contact is not known to be of this client either."""
    if ticket.client_id is None:
        return []
    return [_address_of(row.contact) for row in _merged_of(ticket=ticket.pk, client=ticket.client_id)]


@prepared
def _merged_of(*, ticket: int, client: int) -> QuerySet[Ticket]:
    """The tickets merged into one, as long as they are this client's and its people asked on them."""
    rows = Ticket.objects.filter(merged_into=ticket, client=client, contact__client=client)
    return rows.select_related("contact__user").order_by("number")


def _address_of(contact: Contact | None) -> str:
    """Their own address, else that of their account; none for somebody who is no contact any more."""
    if contact is None or not contact.is_active:
        return ""
    return contact.email or (contact.user.email if contact.user else "")


def fits(contract: Contract, area: ProductArea | None, site: Site | None) -> bool:
    """Whether the contract covers the product area and the site; one that names none covers every one."""
    areas = [each.pk for each in contract.areas.all()]
    sites = [each.pk for each in contract.sites.all()]
    is_in_area = not areas or (area is not None and area.pk in areas)
    return is_in_area and (not sites or (site is not None and site.pk in sites))


def proposed_contract(
    client: Client | None, area: ProductArea | None, site: Site | None, *, now: datetime
) -> Contract | None:
    """The contract that work in this area and at this site falls under at this instant; nothing while nobody knows
    whose it is.
    """
    return contract_that_fits(client, area=area, site=site, at=now) if client else None


def ticket_by_token(token: str) -> Ticket | None:
    """The ticket that this token belongs to; of a merged one, the ticket that goes on."""
    if not TOKEN.fullmatch(token):
        return None
    found = Ticket.objects.select_related(*_AT_HAND).filter(token=token).first()
    return survivor_of(found) if found else None


def survivor_of(ticket: Ticket) -> Ticket:
    """The ticket in which this one goes on: itself unless it was merged."""
    return ticket.merged_into or ticket


def ticket_by_message_ids(message_ids: Sequence[str]) -> Ticket | None:
    """The ticket of one of these Message-IDs (In-Reply-To, References, oldest first), the last known one winning.

    One of ours is known by its token, even of a mail that is no message of the thread; another by its hash.
    That somebody knows a Message-ID does not make them part of the ticket: see `takes_part`.
    """
    newest_first = list(reversed(message_ids))[:100]
    hashes = {message_id_hash(each): place for place, each in enumerate(newest_first) if each}
    tokens = {
        token: place for place, each in reversed(list(enumerate(newest_first))) if (token := token_in(each))
    }
    by_token = Ticket.objects.select_related(*_AT_HAND).filter(token__in=tokens) if tokens else ()
    known = Message.objects.filter(message_id_hash__in=hashes).exclude(message_id_hash="") if hashes else None
    by_hash = known.select_related(*(f"ticket__{each}" for each in _AT_HAND)) if known is not None else ()
    found = [(tokens[ticket.token], ticket) for ticket in by_token]
    found += [(hashes[message.message_id_hash], message.ticket) for message in by_hash]
    return survivor_of(min(found, key=lambda pair: (pair[0], -pair[1].number))[1]) if found else None


def takes_part(ticket: Ticket, address: str) -> bool:
    """Whether this address asked on the ticket, wrote on it or was written to: what an answer by mail needs.

    It says nothing about whether the mail really came from that address.
    """
    plain = address.strip().lower()
    if not plain or plain in own_addresses():
        return False
    known = {ticket.requester_email.lower(), ticket.contact.email.lower() if ticket.contact else ""}
    if plain in known:
        return True
    asked = Q(requester_email__iexact=plain) | Q(contact__email__iexact=plain)
    if ticket.merged.filter(asked).exists():
        return True
    public = ticket.messages.exclude(kind=Message.Kind.NOTE)
    wrote = Q(kind=Message.Kind.INBOUND, from_email__iexact=plain)
    told = Q(kind=Message.Kind.REPLY) & (Q(to__contains=[address]) | Q(cc__contains=[address]))
    told |= Q(kind=Message.Kind.REPLY) & (Q(to__contains=[plain]) | Q(cc__contains=[plain]))
    return public.filter(wrote | told).exists()


def newest_inbound(ticket: Ticket) -> int:
    """The key of the newest message of the client, 0 for none: what somebody who answers has before them."""
    asked = ticket.messages.filter(kind=Message.Kind.INBOUND, is_automatic=False)
    return asked.order_by("-pk").values_list("pk", flat=True).first() or 0
