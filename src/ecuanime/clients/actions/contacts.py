"""The people of a client, and what they may do."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.actions import change_email
from ecuanime.accounts.models import Language
from ecuanime.clients.addresses import require_address
from ecuanime.clients.events import ContactAdded, ContactRenamed
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish


class ContactChanges(TypedDict, total=False):
    """What can be changed about a contact; what is left out stays."""

    name: str
    email: str
    phone: str
    job: str
    language: str


@transaction.atomic
def add_contact(*, client: Client, now: datetime, **details: Unpack[ContactChanges]) -> Contact:
    """Note a person of the client; mail from their address is the client's from now on.

    Refuses `no_name`, `bad_email`, `email_taken`, `unknown_language`.
    """
    contact = Contact(client=client, language=client.language, created_at=now)
    _apply(contact, details)
    contact.save(force_insert=True)
    publish(ContactAdded(contact_id=contact.pk))
    audit.record("contact_added", contact, now=now, client=client.pk, name=contact.name, email=contact.email)
    return contact


@transaction.atomic
def update_contact(*, contact: Contact, now: datetime, **changes: Unpack[ContactChanges]) -> Contact:
    """Change what is given. A new address moves their account for the portal along, and links sent to the old one die.

    Refuses as `add_contact`, and `signs_in` when the address of somebody who signs in would become empty. Publishes
    ContactRenamed with a new name or address.
    """
    kept = _locked(contact)
    before = {field: getattr(kept, field) for field in changes}
    _apply(kept, changes)
    changed = [field for field, value in before.items() if getattr(kept, field) != value]
    if not changed:
        return kept
    if kept.user is not None and "email" in changed:
        if not kept.email:
            raise Refused(
                "signs_in", _("They sign in to the portal with this address. Take that access away first.")
            )
        change_email(user=kept.user, email=kept.email, now=now)
    if "email" in changed:
        kept.mail_failed_at = None
    kept.save()
    audit.record("contact_changed", kept, now=now, fields=changed)
    if {"name", "email"} & set(changed):
        publish(ContactRenamed(contact_id=kept.pk))
    return kept


@transaction.atomic
def set_rights(
    *,
    contact: Contact,
    is_project_lead: bool,
    sees_invoices: bool,
    approves_up_to_minutes: int | None,
    approves_up_to_amount: int | None,
    now: datetime,
    sees_dossier: bool | None = None,
    manages_people: bool | None = None,
) -> Contact:
    """What a contact may do in the portal. Limits are minutes and minor units a day; None means no limit.

    Whether they see the dossier and manage people stays as it is unless it is said.

    Refuses `limits_without_right` when limits are given to somebody who does not approve.
    """
    limits = (approves_up_to_minutes, approves_up_to_amount)
    if not is_project_lead and any(limit is not None for limit in limits):
        raise Refused(
            "limits_without_right", _("Limits are for project leads: tick that right, or empty the limits.")
        )
    kept = _locked(contact)
    kept.is_project_lead, kept.sees_invoices = is_project_lead, sees_invoices
    kept.approves_up_to_minutes, kept.approves_up_to_amount = limits
    kept.sees_dossier = kept.sees_dossier if sees_dossier is None else sees_dossier
    kept.manages_people = kept.manages_people if manages_people is None else manages_people
    kept.save(
        update_fields=[
            "is_project_lead",
            "sees_invoices",
            "approves_up_to_minutes",
            "approves_up_to_amount",
            "sees_dossier",
            "manages_people",
        ]
    )
    audit.record(
        "contact_rights_set",
        kept,
        now=now,
        is_project_lead=is_project_lead,
        sees_invoices=sees_invoices,
        sees_dossier=kept.sees_dossier,
        manages_people=kept.manages_people,
        minutes=approves_up_to_minutes,
        amount=approves_up_to_amount,
    )
    return kept


@transaction.atomic
def set_contact_active(*, contact: Contact, active: bool, now: datetime) -> Contact:
    """Note that somebody left, or came back: an inactive contact cannot open the portal. Refuses `email_taken`."""
    kept = _locked(contact)
    if kept.is_active == active:
        return kept
    kept.is_active = active
    _free_address(kept)
    kept.save(update_fields=["is_active"])
    audit.record("contact_back" if active else "contact_left", kept, now=now)
    return kept


def _locked(contact: Contact) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).select_related("user", "client").get(pk=contact.pk)


def _apply(contact: Contact, changes: ContactChanges) -> None:
    for field, value in changes.items():
        setattr(contact, field, str(value).strip())
    contact.email = contact.email.lower()
    if not contact.name:
        raise Refused(
            "no_name", _("Write the person's name: it is how the team and the mails will call them.")
        )
    if contact.language not in Language.values:
        raise Refused("unknown_language", _("That language is not available."))
    if contact.email:
        require_address(contact.email)
        _free_address(contact)


def _free_address(contact: Contact) -> None:
    if not contact.email or not contact.is_active:
        return
    other = (
        Contact.objects.select_related("client")
        .filter(email__iexact=contact.email, is_active=True)
        .exclude(pk=contact.pk)
        .first()
    )
    if other is not None:
        text = _("%(email)s is already %(name)s's address, of %(client)s, so nothing was changed.")
        found = {"email": contact.email, "name": other.name, "client": other.client.name}
        raise Refused("email_taken", text % found)
