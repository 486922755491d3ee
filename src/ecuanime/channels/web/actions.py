"""Taking a stranger's request, and opening its ticket once the link in their mail was used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import Language
from ecuanime.channels.models import WebRequest
from ecuanime.clients.queries import recognise
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.models import OutgoingMail
from ecuanime.delivery.text import clean_address, keepable, one_line
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import new_token, token_hash
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.actions import MessageGiven, open_ticket
from ecuanime.tickets.models import Channel, Ticket

LINK_LASTS = timedelta(days=1)
KEPT_FOR = timedelta(days=7)
LONGEST_TEXT = 20_000


@transaction.atomic
def take_request(
    *,
    name: str,
    email: str,
    subject: str,
    text: str,
    area: ProductArea | None,
    language: str,
    now: datetime,
) -> WebRequest | None:
    """Keep what somebody wrote and mail them the link that opens the ticket; None when no mail may go to them now.

    The mail repeats nothing of what was written: it would carry a spammer's words to whoever they named. Refuses
    `not_offered` (the firm takes no public requests), `bad_address` and `empty`.
    """
    if not the_firm().takes_public_requests:
        raise Refused("not_offered", _("Requests are not taken here."))
    address = clean_address(email).lower()
    body = keepable(text).strip()[:LONGEST_TEXT]
    if not body:
        raise Refused("empty", _("There is nothing to send yet. Write the text first."))
    if not may_send_automatic(address=address, subject_key=f"web:{address}", now=now):
        return None
    token = new_token()
    asked = WebRequest.objects.create(
        name=one_line(name, 120),
        email=address,
        subject=one_line(subject, 200),
        text=body,
        area=area,
        language=language if language in Language.values else Language.ES,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + LINK_LASTS,
    )
    _send_link(asked, token, now)
    return asked


@transaction.atomic
def confirm_request(*, token: str, now: datetime) -> Ticket:
    """Open the ticket of a request whose address is now proved; the same link again gives the same ticket.

    Of a known address it is that client's, else it stands in triage. Refuses `no_request` when the link is unknown or
    too old.
    """
    found = WebRequest.objects.select_for_update(of=("self",)).select_related("ticket", "area")
    asked = found.filter(token_hash=token_hash(token)).first()
    if asked is not None and asked.ticket is not None:
        return asked.ticket
    if asked is None or now >= asked.expires_at:
        raise Refused("no_request", _("This link is no longer good. Write your request again."))
    known = recognise(asked.email)
    message = MessageGiven(
        text=asked.text,
        channel=Channel.WEB,
        from_name=asked.name,
        from_email=asked.email,
        contact=known.contact if known else None,
    )
    asked.ticket = open_ticket(
        subject=asked.subject,
        channel=Channel.WEB,
        client=known.client if known else None,
        contact=known.contact if known else None,
        requester_name=asked.name,
        requester_email=asked.email,
        area=asked.area,
        message=message,
        acknowledge=True,
        now=now,
    )
    asked.text = ""
    asked.save(update_fields=["ticket", "text"])
    return asked.ticket


def link_works(token: str, now: datetime) -> bool:
    """Whether the link still opens, or has opened, a ticket; looking uses nothing up."""
    asked = WebRequest.objects.filter(token_hash=token_hash(token)).first()
    return asked is not None and (asked.ticket_id is not None or now < asked.expires_at)


def forget_unproved(*, now: datetime) -> int:
    """Forget what nobody has confirmed in a week; returns how many."""
    old = WebRequest.objects.filter(ticket=None, created_at__lt=now - KEPT_FOR)
    return old.delete()[0]


def _send_link(asked: WebRequest, token: str, now: datetime) -> None:
    with override(asked.language):
        facts = {"firm": the_firm().name, "link": f"{settings.ECUANIME_URL}/pedir/{token}/"}
        text = _(
            "Somebody, most likely you, has written a request to %(firm)s with this address. This link sends it, "
            "within a day:\n\n%(link)s\n\nIf it was not you, there is nothing to do: nothing is sent."
        )
        queue_mail(
            kind=OutgoingMail.Kind.AUTOMATIC,
            purpose="web_request",
            to=[asked.email],
            subject=_("Confirm your request to %(firm)s") % facts,
            text=text % facts,
            subject_key=f"web:{asked.email}",
            idempotency_key=f"web_request:{asked.pk}",
            now=now,
        )
