"""Every write to accounts: people and their roles, links and identities that sign in, the tokens of programs."""

from ecuanime.accounts.actions.identities import link_identity, unlink_identity, use_identity
from ecuanime.accounts.actions.invitations import forget_second_factor, invite_again, invite_person
from ecuanime.accounts.actions.links import issue_sign_in_link, redeem_sign_in_link
from ecuanime.accounts.actions.people import (
    change_email,
    change_language,
    change_roles,
    create_account,
    deactivate,
    reactivate,
    update_profile,
)
from ecuanime.accounts.actions.tokens import issue_api_token, revoke_api_token, use_api_token

__all__ = [
    "change_email",
    "change_language",
    "change_roles",
    "create_account",
    "deactivate",
    "forget_second_factor",
    "invite_again",
    "invite_person",
    "issue_api_token",
    "issue_sign_in_link",
    "link_identity",
    "reactivate",
    "redeem_sign_in_link",
    "revoke_api_token",
    "unlink_identity",
    "update_profile",
    "use_api_token",
    "use_identity",
]
