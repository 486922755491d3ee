"""The door to the portal: an account for a contact, and the mail with the link that opens it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.actions import create_account, deactivate, issue_sign_in_link, reactivate
from ecuanime.accounts.letters import link_address
from ecuanime.accounts.models import SignInLink, User
from ecuanime.clients.models import Contact
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import current_firm


@transaction.atomic
def give_portal_access(*, contact: Contact, now: datetime) -> User:
    """Give a contact an account and send them a link to it, valid for 7 days; again sends another link.

    Refuses `no_email`, `contact_left`, `email_taken` when the address is another account's, and `too_many_links`.
    """
    kept = Contact.objects.select_for_update(of=("self",)).select_related("user", "client").get(pk=contact.pk)
    if not kept.email:
        raise Refused("no_email", _("Write their e-mail address first: the link to sign in is sent there."))
    if not kept.is_active or not kept.client.is_active:
        raise Refused("contact_left", _("This contact or client is not active, so no access was given."))
    if kept.user is None:
        kept.user = create_account(email=kept.email, name=kept.name, language=kept.language, now=now)
        kept.save(update_fields=["user"])
        audit.record("portal_access_given", kept, now=now, account=kept.user.pk)
    elif not kept.user.is_active:
        kept.user = reactivate(user=kept.user, now=now)
        audit.record("portal_access_given", kept, now=now, account=kept.user.pk)
    token = issue_sign_in_link(user=kept.user, now=now, purpose=SignInLink.Purpose.INVITATION)
    _send_welcome(kept, token, now)
    return kept.user


@transaction.atomic
def take_portal_access(*, contact: Contact, now: datetime) -> Contact:
    """Close the contact's account: sessions and links die at once. Without an account nothing happens."""
    kept = Contact.objects.select_for_update(of=("self",)).select_related("user").get(pk=contact.pk)
    if kept.user is not None and kept.user.is_active:
        kept.user = deactivate(user=kept.user, now=now)
        audit.record("portal_access_taken", kept, now=now, account=kept.user.pk)
    return kept


def _send_welcome(contact: Contact, token: str, now: datetime) -> None:
    firm = current_firm()
    with override(contact.spoken):
        text = _(
            "Hello %(name)s,\n\nin the portal of %(firm)s you can follow your requests, hours and invoices. This link "
            "opens it, once and within 7 days:\n\n%(link)s\n\nLater, the sign-in page sends you another one whenever "
            "you ask for it, or you can choose a password."
        )
        facts = {"name": contact.name, "firm": firm.name if firm else "", "link": link_address(token)}
        queue_mail(
            kind=OutgoingMail.Kind.AUTOMATIC,
            purpose="portal_access",
            to=[contact.email],
            subject=_("Your access to the portal of %(firm)s") % facts,
            text=text % facts,
            subject_key=f"contact:{contact.pk}",
            now=now,
        )
