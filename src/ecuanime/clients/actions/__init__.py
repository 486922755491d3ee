"""Every write about clients: the organisations, their people, domains, sites and doors to the portal."""

from ecuanime.clients.actions.clients import (
    ClientChanges,
    add_site,
    create_client,
    remove_site,
    require_sites_of,
    set_client_active,
    update_client,
)
from ecuanime.clients.actions.contacts import (
    ContactChanges,
    add_contact,
    set_contact_active,
    set_rights,
    update_contact,
)
from ecuanime.clients.actions.domains import confirm_domain, remove_domain
from ecuanime.clients.actions.dossier import add_section, change_section, remove_section
from ecuanime.clients.actions.own_people import colleague_left, invite_colleague, set_colleague
from ecuanime.clients.actions.portal import give_portal_access, take_portal_access
from ecuanime.clients.actions.substitutes import cancel_substitution, name_substitute

__all__ = [
    "ClientChanges",
    "ContactChanges",
    "add_contact",
    "add_section",
    "add_site",
    "cancel_substitution",
    "change_section",
    "colleague_left",
    "confirm_domain",
    "create_client",
    "give_portal_access",
    "invite_colleague",
    "name_substitute",
    "remove_domain",
    "remove_section",
    "remove_site",
    "require_sites_of",
    "set_client_active",
    "set_colleague",
    "set_contact_active",
    "set_rights",
    "take_portal_access",
    "update_client",
    "update_contact",
]
