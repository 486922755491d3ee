"""Who may see and do what with tickets."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import contact_of
from ecuanime.tickets.models import Macro, Message, SavedView, SearchDocument, Ticket

DESK_ROLES = (Role.TECHNICIAN, Role.CONSULTANT, Role.SUPERVISOR)


def works_at_desk(user: User) -> bool:
    """Whether the person answers tickets: technician, consultant, supervisor or administrator."""
    return user.has_role(*DESK_ROLES)


def may_change_view(user: User, view: SavedView) -> bool:
    """Whether the person may change or remove a saved view: its owner, and supervisors those that are shared."""
    is_shared = view.audience != SavedView.Audience.OWNER
    return view.owner_id == user.pk or (is_shared and user.has_role(Role.SUPERVISOR))


def may_change_macro(user: User, macro: Macro) -> bool:
    """Whether the person may change a macro: their own, and supervisors those that are everybody's."""
    return macro.owner_id == user.pk or (macro.owner_id is None and user.has_role(Role.SUPERVISOR))


def visible_tickets(user: User) -> QuerySet[Ticket]:
    """The tickets a person may see: all of them for the firm's people, their own for a client's contact."""
    if user.is_of_firm:
        return Ticket.objects.all()
    contact = contact_of(user) if user.is_active else None
    return tickets_of_contact(contact) if contact else Ticket.objects.none()


def tickets_of_contact(contact: Contact) -> QuerySet[Ticket]:
    """The tickets a contact may see: those they asked for; all of the client's for a project lead.

    Whoever has left the client, or whose ticket was moved to another client, sees none.
    """
    of_client = Ticket.objects.filter(client_id=contact.client_id)
    return of_client if contact.is_project_lead else of_client.filter(Q(contact=contact))


def visible_messages(user: User, ticket: Ticket) -> QuerySet[Message]:
    """The messages of a ticket a person may read; internal notes are for those who work at the desk.

    Empty when the person may not see the ticket itself.
    """
    if not works_at_desk(user) and not visible_tickets(user).filter(pk=ticket.pk).exists():
        return Message.objects.none()
    return messages_for(user, ticket)


def messages_for(user: User, ticket: Ticket) -> QuerySet[Message]:
    """The same of a ticket that was found among those the person may see; of a merged one what was written on it."""
    return messages_of(ticket.pk, is_merged=ticket.merged_into_id is not None, with_notes=works_at_desk(user))


def messages_of(ticket: int, *, is_merged: bool, with_notes: bool) -> QuerySet[Message]:
    """What stands in the thread of the ticket with that id, without the team's notes for whoever may not read them."""
    messages = (
        Message.objects.filter(came_from=ticket) if is_merged else Message.objects.filter(ticket=ticket)
    )
    return messages if with_notes else messages.exclude(kind=Message.Kind.NOTE)


def visible_documents(user: User) -> QuerySet[SearchDocument]:
    """What `user` may read of what search reads."""
    documents = documents_of_firm(with_notes=works_at_desk(user))
    return documents if user.is_of_firm else documents.filter(ticket__in=visible_tickets(user).values("pk"))


def documents_of_firm(*, with_notes: bool) -> QuerySet[SearchDocument]:
    """What somebody of the firm may read of it, who sees all tickets: notes where they work at the desk."""
    return SearchDocument.objects.all() if with_notes else SearchDocument.objects.filter(is_internal=False)
