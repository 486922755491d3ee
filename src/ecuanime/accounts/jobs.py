"""Jobs of accounts. What a stranger asks for at the sign-in page is looked up here, behind the answer they get:

the page defers the same job for every address, so neither its words nor its time tell who has an account.
"""

from __future__ import annotations

from allauth.account import app_settings as sign_in
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction

from ecuanime.accounts import letters
from ecuanime.accounts.actions import issue_sign_in_link
from ecuanime.accounts.queries import active_account
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import RETRY, job


@job(name="accounts.send_sign_in_link", queue="mail", retry=RETRY)
def send_sign_in_link(*, email: str) -> None:
    """Send a link to the account of this address; nothing when there is none, or it has had too many."""
    user = active_account(email)
    if user is None:
        return
    try:
        with transaction.atomic():
            letters.send_sign_in_link(user, issue_sign_in_link(user=user, now=read_clock()))
    except Refused:
        return


@job(name="accounts.send_password_reset", queue="mail", retry=RETRY)
def send_password_reset(*, email: str) -> None:
    """Send the page to choose another password to the account of this address; nothing when there is none."""
    user = active_account(email)
    if user is None:
        return
    key = sign_in.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    letters.send_password_reset(user, f"{user_pk_to_url_str(user)}-{key}")
