"""Shared reads about clients and their people."""

from __future__ import annotations

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact


def contact_of(user: User) -> Contact | None:
    """The active contact an account belongs to, with their client; None for people of the firm."""
    return (
        Contact.objects.select_related("client")
        .filter(user=user, is_active=True, client__is_active=True)
        .first()
    )
