"""Telling people of the firm that records do not arrive, were rejected, or that the certificate runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role
from ecuanime.billing.models import Submission
from ecuanime.billing.packs.es.agency.standing import certificate_in_use, waiting
from ecuanime.billing.packs.telling import tell_expiry_of, tell_roles
from ecuanime.notices.actions import Words
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

TOO_LONG = timedelta(days=1)
"""So long may a record wait before administrators are told."""
SENDING_PAGE, CERTIFICATE_PAGE = "/facturas/fiscal/envios/", "/facturas/fiscal/certificado/"


def tell_rejected(message: Submission, *, now: datetime) -> None:
    """Whoever bills and the administrators, once for a message."""

    def words() -> Words:
        text = ngettext(
            "The tax agency rejects %(count)s invoice record",
            "The tax agency rejects %(count)s invoice records",
            message.rejected,
        )
        return Words(text % {"count": message.rejected}, _("Read why, and register the invoice again."))

    people = (Role.BILLING, Role.ADMINISTRATOR)
    tell_roles(people, f"agency_rejected:{message.pk}", words, now, url=SENDING_PAGE)


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

    event = f"agency_waiting:{local_date(now, the_firm().time_zone)}"
    tell_roles((Role.ADMINISTRATOR,), event, words, now, url=SENDING_PAGE)


def tell_expiry(now: datetime) -> None:
    """The administrators, when the certificate is about to run out or has."""

    def words(day: str) -> Words:
        text = (
            _("The certificate for the tax agency expires on %(day)s") % {"day": day}
            if day
            else _("The certificate for the tax agency has expired")
        )
        return Words(text, _("Upload its successor, so that invoice records go on reaching it."))

    tell_expiry_of(certificate_in_use(), words, now, url=CERTIFICATE_PAGE)
