"""What a client's own administrator does with the people of their organisation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.access import may_manage_colleague
from ecuanime.clients.actions.contacts import add_contact, set_contact_active, set_rights
from ecuanime.clients.actions.portal import give_portal_access, take_portal_access
from ecuanime.clients.models import Contact
from ecuanime.foundation.errors import Refused


@transaction.atomic
def invite_colleague(*, by: Contact, name: str, email: str, job: str, now: datetime) -> Contact:
    """Add somebody of one's own organisation and send them the link to the portal.

    Refuses `not_allowed`, and as `add_contact` and `give_portal_access` do.
    """
    if not (by.is_active and by.manages_people):
        raise Refused("not_allowed", _("You cannot add people. Ask the firm for that right."))
    colleague = add_contact(client=by.client, name=name, email=email, job=job, now=now)
    give_portal_access(contact=colleague, now=now)
    return colleague


@transaction.atomic
def set_colleague(
    *, by: Contact, contact: Contact, sees_invoices: bool, sees_dossier: bool, has_access: bool, now: datetime
) -> Contact:
    """Say what a colleague sees and whether they may sign in.

    Who approves time, or manages people, is the firm's to say. Refuses `not_allowed`, and `not_yours_to_give` for what
    one does not see oneself.
    """
    kept = _colleague(by, contact)
    gives = (sees_invoices and not kept.sees_invoices, sees_dossier and not kept.sees_dossier)
    if (gives[0] and not (by.sees_invoices or by.is_project_lead)) or (gives[1] and not by.sees_dossier):
        raise Refused("not_yours_to_give", _("You can let others see only what you see yourself."))
    kept = set_rights(
        contact=kept,
        is_project_lead=kept.is_project_lead,
        sees_invoices=sees_invoices,
        approves_up_to_minutes=kept.approves_up_to_minutes,
        approves_up_to_amount=kept.approves_up_to_amount,
        sees_dossier=sees_dossier,
        now=now,
    )
    signs_in = kept.user is not None and kept.user.is_active
    if has_access and not signs_in:
        kept.user = give_portal_access(contact=kept, now=now)
    elif signs_in and not has_access:
        kept = take_portal_access(contact=kept, now=now)
    return kept


@transaction.atomic
def colleague_left(*, by: Contact, contact: Contact, now: datetime) -> Contact:
    """Note that a colleague is no longer there: they sign in no more. Refuses `not_allowed`."""
    kept = _colleague(by, contact)
    take_portal_access(contact=kept, now=now)
    return set_contact_active(contact=kept, active=False, now=now)


def _colleague(by: Contact, contact: Contact) -> Contact:
    """The colleague as they are now, locked."""
    people = Contact.objects.select_for_update(of=("self",)).select_related("user", "client")
    locked = {each.pk: each for each in people.filter(pk__in=(by.pk, contact.pk)).order_by("pk")}
    if not may_manage_colleague(locked[by.pk], locked[contact.pk]):
        raise Refused("not_allowed", _("What this person may do is for the firm to change."))
    return locked[contact.pk]
