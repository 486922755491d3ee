"""Who may see clients, and who may change what."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact, DossierSection


def visible_clients(user: User) -> QuerySet[Client]:
    """All clients for people of the firm; a contact's own for a contact; none for anybody else."""
    if user.is_of_firm:
        return Client.objects.all()
    if not user.is_active:
        return Client.objects.none()
    return Client.objects.filter(is_active=True, contacts__user=user, contacts__is_active=True)


def may_manage_clients(user: User) -> bool:
    """Take clients on, change them, confirm domains, and give contacts their rights and the door to the portal."""
    return user.has_role(Role.SUPERVISOR, Role.CONSULTANT, Role.BILLING)


def may_note_contacts(user: User) -> bool:
    """Add people while working on a ticket, as everybody of the firm does."""
    return user.is_of_firm


def may_change_contact(user: User, contact: Contact) -> bool:
    """Correct a contact; the address of one who signs in or approves decides who gets in, so that takes more."""
    if contact.user_id is None and not contact.is_project_lead:
        return may_note_contacts(user)
    return may_manage_clients(user)


def may_write_dossier(user: User) -> bool:
    """Write what must be known to serve a client: whoever serves them."""
    return user.has_role(Role.TECHNICIAN, Role.CONSULTANT, Role.SUPERVISOR)


def dossier_seen_by(contact: Contact) -> QuerySet[DossierSection]:
    """The sections of their own dossier that a contact may read."""
    if not (contact.is_active and contact.sees_dossier):
        return DossierSection.objects.none()
    return DossierSection.objects.filter(client_id=contact.client_id, is_shown=True).order_by("pk")


def may_manage_colleague(contact: Contact, other: Contact) -> bool:
    """Whether a client's administrator may say what a colleague sees: never themselves, a lead or another one."""
    same = contact.client_id == other.client_id and contact.pk != other.pk
    ordinary = not (other.is_project_lead or other.manages_people)
    return contact.is_active and contact.manages_people and same and ordinary
