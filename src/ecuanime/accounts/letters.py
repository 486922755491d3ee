"""The mails about accounts, in the language of who gets them. Addresses are the firm's own, whatever a request said.

They go through Django's mail interface, which leads into the outbox in the caller's transaction.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User


def link_address(token: str) -> str:
    """The full address of the page that redeems a sign-in link."""
    return f"{settings.ECUANIME_URL}{reverse('sign_in_with_link', args=[token])}"


def send_sign_in_link(user: User, token: str) -> None:
    """The link somebody asked for at the sign-in page."""
    with override(user.language):
        text = _(
            "Hello %(name)s,\n\nsomebody, most likely you, asked for a link to sign in. It works once and for "
            "30 minutes:\n\n%(link)s\n\nIf it was not you, there is nothing to do: without this mail nobody can use it."
        )
        _send(user, _("Your link to sign in"), text, link_address(token))


def send_invitation(user: User, token: str) -> None:
    """The first link of somebody who joins the firm's team."""
    with override(user.language):
        text = _(
            "Hello %(name)s,\n\nyou have an account at %(site)s. Open this page to choose your password; the link "
            "works once and for 7 days:\n\n%(link)s"
        )
        _send(user, _("Your account is ready"), text, link_address(token))


def send_password_reset(user: User, key: str) -> None:
    """The page to choose another password. `key` is the sign-in library's `uid-token`."""
    address = f"{settings.ECUANIME_URL}{reverse('account_reset_password')}key/{key}/"
    with override(user.language):
        text = _(
            "Hello %(name)s,\n\nsomebody, most likely you, asked to choose another password. This page works once and "
            "for one hour:\n\n%(link)s\n\nIf it was not you, there is nothing to do: your password stays as it is."
        )
        _send(user, _("Choose another password"), text, address)


def _send(user: User, subject: str, text: str, link: str) -> None:
    said = text % {"name": user.name or user.email, "link": link, "site": settings.ECUANIME_URL}
    EmailMessage(subject=subject, body=said, to=[user.email]).send()
