"""The mails about lots, each in the language of who gets it, under a key that lets it go out once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.clients.queries import project_leads
from ecuanime.contracts.models import Contract
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.words import quantity_words
from ecuanime.foundation import formats
from ecuanime.rules.calendars import local_date
from ecuanime.rules.packs import Notice
from ecuanime.staff.queries import the_firm


def mail_notice(contract: Contract, lot: Lot, notice: Notice, *, now: datetime) -> None:
    """Tell each project lead who has an address what is left of a lot, until when, and what the contract has in all."""
    for lead in project_leads(contract.client).exclude(email=""):
        with override(lead.spoken):
            facts = _facts(contract, lot, now)
            lines = [
                _("Hello %(name)s,") % {"name": lead.name},
                _said(notice) % facts,
                _("In all, %(all)s are left on %(contract)s, %(plan)s.") % facts,
                _("Every movement, and how to buy more:"),
                f"{settings.ECUANIME_URL}/portal/horas/",
                the_firm().name,
            ]
            queue_mail(
                kind=OutgoingMail.Kind.AUTOMATIC,
                purpose="lot_notice",
                to=[lead.email],
                subject=_subject(notice) % facts,
                text="\n\n".join(lines),
                subject_key=f"contact:{lead.pk}",
                idempotency_key=f"lot:{lot.pk}:{notice.value}:{lead.pk}",
                now=now,
            )


def _facts(contract: Contract, lot: Lot, now: datetime) -> dict[str, str]:
    locale = formats.locale_for(get_language(), lot.currency)
    usable = Lot.objects.filter(contract=contract, unit=lot.unit, usable_from__isnull=False, voided_at=None)
    today = local_date(now, contract.time_zone)
    valid = usable.exclude(expires_on__lt=today).filter(valid_from__lte=today)
    return {
        "code": lot.code,
        "left": quantity_words(lot.left, lot.unit),
        "day": formats.long_date(lot.expires_on, locale) if lot.expires_on else "",
        "all": quantity_words(valid.aggregate(sum=Sum("left"))["sum"] or 0, lot.unit),
        "contract": contract.number,
        "plan": str(contract.version),
    }


def _subject(notice: Notice) -> str:
    if notice == Notice.LOW:
        return _("%(code)s: %(left)s left")
    return _("%(code)s: %(left)s expire on %(day)s")


def _said(notice: Notice) -> str:
    if notice == Notice.LOW:
        return _("your pack %(code)s runs low: %(left)s are left of it.")
    return _("%(left)s of your pack %(code)s have not been used. Their last day is %(day)s.")
