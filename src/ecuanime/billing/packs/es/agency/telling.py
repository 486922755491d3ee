"""Telling people of the firm that records do not arrive, were rejected, or that the certificate runs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.billing.models import Submission
from ecuanime.billing.packs.es.agency.standing import certificate_in_use, waiting
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

TOO_LONG = timedelta(days=1)
"""So long may a record wait before administrators are told."""
SENDING_PAGE, CERTIFICATE_PAGE = "/facturas/fiscal/envios/", "/facturas/fiscal/certificado/"
DAYS_BEFORE = (30, 7, 1, 0)
"""When they are told that the certificate runs out; on the last day that it has."""


def tell_rejected(message: Submission, *, now: datetime) -> None:
    """Whoever bills and the administrators, once for a message."""

    def words() -> Words:
        text = ngettext(
            "The tax agency rejects %(count)s invoice record",
            "The tax agency rejects %(count)s invoice records",
            message.rejected,
        )
        return Words(text % {"count": message.rejected}, _("Read why, and register the invoice again."))

    _tell((Role.BILLING, Role.ADMINISTRATOR), f"agency_rejected:{message.pk}", words, now)


def tell_waiting(now: datetime) -> None:
    """The administrators, once a day, while a record has waited for more than a day; sent or not, set up or not."""
    found = waiting()
    since = found.since
    if since is None or now - since < TOO_LONG:
        return

    def words() -> Words:
        text = ngettext(
            "%(count)s invoice record has not reached the tax agency",
            "%(count)s invoice records have not reached the tax agency",
            found.count,
        )
        day = date_format(local_date(since, the_firm().time_zone), "SHORT_DATE_FORMAT")
        return Words(text % {"count": found.count}, _("The oldest has waited since %(day)s.") % {"day": day})

    _tell((Role.ADMINISTRATOR,), f"agency_waiting:{local_date(now, the_firm().time_zone)}", words, now)


def tell_expiry(now: datetime) -> None:
    """The administrators, 30, 7 and 1 days before the certificate runs out and when it has; each once."""
    certificate = certificate_in_use()
    if certificate is None:
        return
    left = (certificate.valid_until - now) / timedelta(days=1)
    reached = [days for days in DAYS_BEFORE if left <= days]
    if not reached:
        return

    def words() -> Words:
        day = date_format(local_date(certificate.valid_until, the_firm().time_zone), "SHORT_DATE_FORMAT")
        text = (
            _("The certificate for the tax agency has expired")
            if left <= 0
            else _("The certificate for the tax agency expires on %(day)s") % {"day": day}
        )
        return Words(text, _("Upload its successor, so that invoice records go on reaching it."))

    event = f"agency_certificate:{certificate.pk}:{min(reached)}"
    _tell((Role.ADMINISTRATOR,), event, words, now, url=CERTIFICATE_PAGE)


def _tell(
    roles: tuple[str, ...], event: str, words: Callable[[], Words], now: datetime, *, url: str = SENDING_PAGE
) -> None:
    people: list[User] = [person for person in people_of_firm() if person.has_role(*roles)]
    tell(people=people, kind=Kind.AGENCY, event_id=event, words=words, url=url, now=now)
