"""Telling people of the firm that a document was rejected, waits for its stamp, or that the seal runs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role
from ecuanime.accounts.queries import people_of_firm
from ecuanime.billing.models import Cfdi, CfdiCancellation
from ecuanime.billing.packs.mx.complements import to_complement
from ecuanime.billing.packs.mx.declared import seal_in_use
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

TOO_LONG = timedelta(hours=4)
"""So long may a document wait before administrators are told: after 72 hours it can no longer be stamped as it is."""
STAMPING_PAGE, SETTINGS_PAGE = "/facturas/timbrado/", "/ajustes/mexico/"
DAYS_BEFORE = (30, 7, 1, 0)


def tell_rejected(row: Cfdi, *, now: datetime) -> None:
    """Whoever bills and the administrators, once for an attempt."""
    number, code = row.invoice.number, row.code

    def words() -> Words:
        text = _("The PAC rejects %(number)s (%(code)s)") % {"number": number, "code": code}
        return Words(text, _("Read why, correct it, and have it sealed anew."))

    _tell((Role.BILLING, Role.ADMINISTRATOR), f"cfdi_rejected:{row.pk}", words, now)


def tell_cancellation(row: CfdiCancellation, *, now: datetime) -> None:
    """Whoever bills and the administrators: it is cancelled, or it was refused."""
    number, is_done = row.cfdi.invoice.number, row.state == CfdiCancellation.State.CANCELLED

    def words() -> Words:
        said = (
            _("The SAT has cancelled a CFDI of %(number)s")
            if is_done
            else _("The cancellation of a CFDI of %(number)s was refused")
        )
        way_on = _("What is owed follows it.") if is_done else _("It stands. Correct it with a credit note.")
        return Words(said % {"number": number}, way_on)

    _tell((Role.BILLING, Role.ADMINISTRATOR), f"cfdi_cancellation:{row.pk}", words, now)


def tell_unstamped(now: datetime) -> None:
    """The administrators, once a day, while a document has waited too long for its stamp."""
    waiting = Cfdi.objects.filter(state=Cfdi.State.TO_STAMP, sealed_at__lte=now - TOO_LONG).count()
    if not waiting:
        return

    def words() -> Words:
        text = ngettext(
            "%(count)s invoice waits for its stamp", "%(count)s invoices wait for their stamp", waiting
        )
        return Words(text % {"count": waiting}, _("The SAT gives 72 hours from an invoice's date."))

    today = local_date(now, the_firm().time_zone)
    _tell((Role.ADMINISTRATOR,), f"cfdi_waiting:{today}", words, now)


def tell_seal_expiry(now: datetime) -> None:
    """The administrators, 30, 7 and 1 days before the seal runs out and when it has; each once."""
    seal = seal_in_use()
    if seal is None:
        return
    left = (seal.valid_until - now) / timedelta(days=1)
    reached = [days for days in DAYS_BEFORE if left <= days]
    if not reached:
        return

    def words() -> Words:
        day = date_format(local_date(seal.valid_until, the_firm().time_zone), "SHORT_DATE_FORMAT")
        text = (
            _("The certificate of digital seal has expired")
            if left <= 0
            else _("The certificate of digital seal expires on %(day)s") % {"day": day}
        )
        return Words(text, _("Upload its successor, so that invoices can go on being issued."))

    _tell((Role.ADMINISTRATOR,), f"seal_expiry:{seal.pk}:{min(reached)}", words, now, url=SETTINGS_PAGE)


def tell_complements(now: datetime) -> None:
    """Whoever bills, once a day from the first of a month on, while payments of months before have no complement."""
    today = local_date(now, the_firm().time_zone)
    missing = to_complement().filter(received_on__lt=today.replace(day=1)).count()
    if not missing:
        return

    def words() -> Words:
        text = ngettext(
            "%(count)s payment has no stamped complement",
            "%(count)s payments have no stamped complement",
            missing,
        )
        return Words(text % {"count": missing}, _("They are due by the 5th of the month after the payment."))

    _tell((Role.BILLING,), f"complements_missing:{today}", words, now)


def _tell(
    roles: tuple[str, ...], event: str, words: Callable[[], Words], now: datetime, *, url: str = STAMPING_PAGE
) -> None:
    people = [person for person in people_of_firm() if person.has_role(*roles)]
    tell(people=people, kind=Kind.AGENCY, event_id=event, words=words, url=url, now=now)
