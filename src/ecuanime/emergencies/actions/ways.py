"""The way to a case that is mailed to a person of its client: the portal's page, or a link of their own."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.delivery.queries import default_mailbox
from ecuanime.emergencies.links import LASTS, has_account, path_of_link, portal_url
from ecuanime.emergencies.models import CaseLink, Emergency
from ecuanime.tickets.threading import new_message_id, reply_address


@transaction.atomic
def link_for(*, emergency: Emergency, contact: Contact, now: datetime) -> CaseLink:
    """The person's link to a case; it lasts from now on, and is made where they have none."""
    link, is_new = CaseLink.objects.get_or_create(
        emergency=emergency,
        contact=contact,
        revoked_at=None,
        defaults={"created_at": now, "expires_at": now + LASTS},
    )
    if not is_new:
        link.expires_at = now + LASTS
        link.save(update_fields=["expires_at"])
    return link


def way_for(emergency: Emergency, contact: Contact, *, now: datetime) -> str:
    """The address under which a person reads a case: the portal's with an account, else their link."""
    if has_account(contact):
        return portal_url(emergency)
    return f"{settings.ECUANIME_URL}{path_of_link(link_for(emergency=emergency, contact=contact, now=now))}"


def mail_way(
    emergency: Emergency, contact: Contact, *, subject: str, text: str, key: str, now: datetime
) -> OutgoingMail | None:
    """Mail a person something about a case with their way to it, once for each `key`; None without an address.

    The texts come in the language that the person is spoken to in. Their link goes to nobody else: no copy is sent.
    """
    if not contact.email:
        return None
    mailbox = default_mailbox()
    way = _("Your emergency: %(link)s") % {"link": way_for(emergency, contact, now=now)}
    return queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="case_link",
        mailbox=mailbox,
        to=[contact.email],
        subject=subject,
        text=f"{text}\n\n{way}",
        reply_to=reply_address(emergency.ticket, mailbox),
        message_id=new_message_id(emergency.ticket, mailbox),
        subject_key=f"case:{emergency.number}",
        idempotency_key=f"case:{emergency.pk}:{contact.pk}:{key}",
        now=now,
    )
