"""Telling people of the firm what concerns an authority: whom, where it leads, and that a certificate runs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.formats import date_format

from ecuanime.accounts.models import Role
from ecuanime.accounts.queries import people_of_firm
from ecuanime.billing.models.certificates import HeldCertificate
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

DAYS_BEFORE = (30, 7, 1, 0)
"""When administrators are told that a certificate runs out; on the last day that it has."""


def tell_roles(
    roles: tuple[str, ...], event: str, words: Callable[[], Words], now: datetime, *, url: str
) -> None:
    """Tell whoever has one of these roles, each in their own language; once for an event."""
    people = [person for person in people_of_firm() if person.has_role(*roles)]
    tell(people=people, kind=Kind.AGENCY, event_id=event, words=words, url=url, now=now)


def tell_expiry_of(
    certificate: HeldCertificate | None, words: Callable[[str], Words], now: datetime, *, url: str
) -> None:
    """The administrators, 30, 7 and 1 days before a certificate runs out and when it has; each once.

    `words` are given the day, or nothing once it has expired.
    """
    if certificate is None:
        return
    left = (certificate.valid_until - now) / timedelta(days=1)
    reached = [days for days in DAYS_BEFORE if left <= days]
    if not reached:
        return

    def said() -> Words:
        day = date_format(local_date(certificate.valid_until, the_firm().time_zone), "SHORT_DATE_FORMAT")
        return words("" if certificate.is_expired(now) else day)

    event = f"{certificate.AUDITED}:{certificate.pk}:{min(reached)}"
    tell_roles((Role.ADMINISTRATOR,), event, said, now, url=url)
