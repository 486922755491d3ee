"""Who may see invoices, and who may make, issue, credit and collect them."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import PACKS, Contract


def may_bill(user: User) -> bool:
    """Billing clerks, supervisors and administrators see all invoices and do all that is done with them."""
    return user.has_role(Role.BILLING, Role.SUPERVISOR)


def may_keep_books(user: User) -> bool:
    """Billing clerks and administrators set taxes, series, reminders and the bank, close periods and write off."""
    return user.has_role(Role.BILLING)


def may_administer(user: User) -> bool:
    """Administrators alone decide what the legality of every invoice hangs on.

    That is who produces the program, where invoices are issued, certificates and keys, and taking back what should
    never have been issued.
    """
    return user.has_role(Role.ADMINISTRATOR)


def visible_invoices(user: User) -> QuerySet[Invoice]:
    """All of them, drafts too, for whoever bills; none for others of the firm."""
    return Invoice.objects.all() if may_bill(user) else Invoice.objects.none()


def contact_sees_invoices(contact: Contact) -> bool:
    """Contacts with that right, and project leads, who approve what is billed."""
    return contact.is_active and (contact.sees_invoices or contact.is_project_lead)


def may_order_packs(contact: Contact, contract: Contract) -> bool:
    """Who sees the client's invoices buys packs, on contracts of their own client that run and sell them."""
    return (
        contact_sees_invoices(contact)
        and contract.client_id == contact.client_id
        and contract.state == Contract.State.ACTIVE
        and contract.version.plan.kind in PACKS
    )


def visible_to_contact(contact: Contact) -> QuerySet[Invoice]:
    """The issued documents of the contact's own client, once their country lets them leave."""
    if not contact_sees_invoices(contact):
        return Invoice.objects.none()
    return Invoice.objects.filter(client_id=contact.client_id, state=Invoice.State.ISSUED, is_held=False)
