"""Shared reads about accounts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower

from ecuanime.accounts.models import Role, SignInLink, User
from ecuanime.foundation.secrets import token_hash


def people_of_firm(*, with_closed: bool = False) -> QuerySet[User]:
    """Everybody with a role, by name; closed accounts only when asked for."""
    people = User.objects.exclude(roles=[]).order_by("name", "pk")
    return people if with_closed else people.filter(is_active=True)


def has_administrator() -> bool:
    """Whether the firm has somebody who can sign in as administrator."""
    return User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exists()


def active_account(email: str) -> User | None:
    """The open account of this address, written in whatever case."""
    address = email.strip().lower()
    return User.objects.annotate(address=Lower("email")).filter(address=address, is_active=True).first()


def link_is_usable(token: str, now: datetime) -> bool:
    """Whether the link would still sign somebody in; looking does not use it up."""
    link = SignInLink.objects.select_related("user").filter(token_hash=token_hash(token)).first()
    return link is not None and link.is_usable(now)
