"""Who may see and do what with emergencies."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.emergencies.models import Emergency
from ecuanime.rules.express import Party
from ecuanime.staff.models import Competence
from ecuanime.tickets.access import tickets_of_contact, works_at_desk


def visible_emergencies(user: User) -> QuerySet[Emergency]:
    """All of them for people of the firm."""
    return Emergency.objects.all() if user.is_of_firm else Emergency.objects.none()


def emergencies_of_contact(contact: Contact) -> QuerySet[Emergency]:
    """The cases whose ticket the contact may see."""
    return Emergency.objects.filter(client_id=contact.client_id, ticket__in=tickets_of_contact(contact))


def may_answer_for_client(contact: Contact, emergency: Emergency) -> bool:
    """Project leads of its client accept, decline and withdraw, as they answer offers."""
    return contact.is_active and contact.is_project_lead and contact.client_id == emergency.client_id


def may_set_express(user: User) -> bool:
    """Administrators say how emergencies are served."""
    return user.has_role(Role.ADMINISTRATOR)


def may_write_report(user: User) -> bool:
    """Whoever works at the desk writes on the technical report of a case."""
    return works_at_desk(user)


def may_send_report(user: User, emergency: Emergency) -> bool:
    """Whoever leads the case sends its report, or a supervisor in their place."""
    return Party.LEAD in parties_of(user, emergency)


def is_competent(user: User, emergency: Emergency) -> bool:
    """Whether the person knows the product area of the case."""
    return Competence.objects.filter(user=user, area=emergency.area_id).exists()


def parties_of(user: User, emergency: Emergency) -> frozenset[Party]:
    """As whom a person of the firm acts in a case; a supervisor stands in for its lead."""
    found = {Party.EXPERT} if works_at_desk(user) else set()
    if emergency.lead_id == user.pk:
        found.add(Party.LEAD)
    if user.has_role(Role.SUPERVISOR):
        found |= {Party.SUPERVISOR, Party.LEAD}
    return frozenset(found)
