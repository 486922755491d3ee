"""Sending a person of the client their way to a case again, asking who may decide, and taking a link away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import project_leads
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.actions.ways import mail_way
from ecuanime.emergencies.links import may_come_back
from ecuanime.emergencies.models import CaseLink, Emergency
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import works_at_desk


@transaction.atomic
def send_link_again(
    *, emergency: Emergency, contact: Contact, now: datetime, by: User | None = None
) -> OutgoingMail | None:
    """Mail a person of the case's client their way to it once more; asked for by somebody of the firm or by themselves.

    None when no mail may go to them now. Refused: `not_allowed`, `no_address`.
    """
    if contact.client_id != emergency.client_id or (by is not None and not works_at_desk(by)):
        raise Refused("not_allowed", _("Only people who work on tickets do that."))
    if not contact.email:
        raise Refused("no_address", _("There is no address to send it to. Add one to the contact."))
    if by is None and not may_send_automatic(
        address=contact.email, subject_key=f"case:{emergency.number}", now=now
    ):
        return None
    with override(contact.spoken):
        subject = _("Your emergency %(number)s") % {"number": emergency.number}
        text = _("Here you follow your emergency %(number)s, and answer us.") % {"number": emergency.number}
        return mail_way(emergency, contact, subject=subject, text=text, key=f"{now.timestamp()}", now=now)


def renew(*, link: CaseLink, now: datetime) -> OutgoingMail | None:
    """Mail whoever holds an old link a new one, to the address that it was sent to. Refused: `no_link` (taken away)."""
    if not may_come_back(link):
        raise Refused("no_link", _("This link was taken away. Write to us, or call us."))
    return send_link_again(emergency=link.emergency, contact=link.contact, now=now)


@transaction.atomic
def revoke_link(*, link: CaseLink, by: User, now: datetime) -> CaseLink:
    """Take a link away: whoever holds it sees nothing of the case any more. Taken away already it stays so.

    Refused: `not_allowed`.
    """
    if not works_at_desk(by):
        raise Refused("not_allowed", _("Only people who work on tickets do that."))
    lock(link.emergency)
    kept = CaseLink.objects.select_for_update().get(pk=link.pk)
    if kept.revoked_at is None:
        kept.revoked_at, kept.revoked_by = now, by
        kept.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("case_link_revoked", link.emergency, now=now, link=kept.pk, contact=kept.contact_id)
    return kept


def ask_deciders(emergency: Emergency, *, now: datetime) -> None:
    """Tell project leads that a case waits for them, where whoever declared it may not answer for them all."""
    if emergency.contact.is_project_lead:
        return
    for lead in project_leads(emergency.client).filter(is_active=True).exclude(email=""):
        with override(lead.spoken):
            facts = {"name": emergency.contact.name, "number": emergency.number}
            subject = _("Emergency %(number)s waits for your answer") % facts
            text = (
                _("%(name)s has declared emergency %(number)s. We can help, and wait for your yes or no.")
                % facts
            )
            mail_way(emergency, lead, subject=subject, text=text, key="decide", now=now)
