"""Telling people of the firm that a document was rejected, waits for its stamp, or that the seal runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role
from ecuanime.billing.models import Cfdi, CfdiCancellation
from ecuanime.billing.packs.mx.complements import to_complement
from ecuanime.billing.packs.mx.declared import seal_in_use
from ecuanime.billing.packs.mx.pac.words import own_rejection_words
from ecuanime.billing.packs.mx.public import due_periods
from ecuanime.billing.packs.telling import tell_expiry_of, tell_roles
from ecuanime.notices.actions import Words
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm

TOO_LONG = timedelta(hours=4)
"""So long may a document wait before administrators are told: after 72 hours it can no longer be stamped as it is."""
STAMPING_PAGE, SETTINGS_PAGE = "/facturas/timbrado/", "/ajustes/mexico/"


def tell_rejected(row: Cfdi, *, now: datetime) -> None:
    """Whoever bills and the administrators, once for an attempt."""
    facts = {"number": row.name, "code": row.code}
    is_ours = bool(own_rejection_words(row.code))

    def words() -> Words:
        said = (
            _("%(number)s was not sent to the PAC (%(code)s)")
            if is_ours
            else _("The PAC rejects %(number)s (%(code)s)")
        )
        return Words(said % facts, _("Read why, correct it, and have it sealed anew."))

    tell_roles((Role.BILLING, Role.ADMINISTRATOR), f"cfdi_rejected:{row.pk}", words, now, url=STAMPING_PAGE)


def tell_cancellation(row: CfdiCancellation, *, now: datetime) -> None:
    """Whoever bills and the administrators: it is cancelled, or it was refused."""
    number, is_done = row.cfdi.name, row.state == CfdiCancellation.State.CANCELLED

    def words() -> Words:
        said = (
            _("The SAT has cancelled a CFDI of %(number)s")
            if is_done
            else _("The cancellation of a CFDI of %(number)s was refused")
        )
        return Words(said % {"number": number}, _way_on(row))

    tell_roles(
        (Role.BILLING, Role.ADMINISTRATOR), f"cfdi_cancellation:{row.pk}", words, now, url=STAMPING_PAGE
    )


def _way_on(row: CfdiCancellation) -> str:
    """What follows: a CFDI that was replaced has nothing owed on it, and stands beside the other one if refused."""
    is_done = row.state == CfdiCancellation.State.CANCELLED
    if row.cfdi.superseded_at is not None:
        return (
            _("The one that takes its place stands.")
            if is_done
            else _("Both stand now. Agree with whoever received it, and ask again.")
        )
    return _("What is owed follows it.") if is_done else _("It stands. Correct it with a credit note.")


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
    tell_roles((Role.ADMINISTRATOR,), f"cfdi_waiting:{today}", words, now, url=STAMPING_PAGE)


def tell_seal_expiry(now: datetime) -> None:
    """The administrators, when the seal is about to run out or has."""

    def words(day: str) -> Words:
        text = (
            _("The certificate of digital seal expires on %(day)s") % {"day": day}
            if day
            else _("The certificate of digital seal has expired")
        )
        return Words(text, _("Upload its successor, so that invoices can go on being issued."))

    tell_expiry_of(seal_in_use(), words, now, url=SETTINGS_PAGE)


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

    tell_roles((Role.BILLING,), f"complements_missing:{today}", words, now, url=STAMPING_PAGE)


def tell_public_sales(now: datetime) -> None:
    """Whoever bills, once a day while sales to the public of a period that is over are in no global invoice."""
    today = local_date(now, the_firm().time_zone)
    due = due_periods(today)
    if not due:
        return

    def words() -> Words:
        count = sum(each.sales for each in due)
        text = ngettext(
            "%(count)s sale to the public is in no global invoice",
            "%(count)s sales to the public are in no global invoice",
            count,
        )
        return Words(text % {"count": count}, _("The SAT wants it within 24 hours of the end of its period."))

    event = f"public_sales:{today}"
    tell_roles((Role.BILLING,), event, words, now, url=f"{STAMPING_PAGE}publico/")
