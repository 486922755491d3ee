"""What billing hears: that the firm exists, which then knows its taxes, and that a contract's period has begun."""

from __future__ import annotations

from ecuanime.billing.actions import charge_period, seed_taxes
from ecuanime.contracts.models import ContractPeriod
from ecuanime.entitlements.events import PeriodOpened
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.staff.events import FirmSetUp
from ecuanime.staff.queries import the_firm


@hears(FirmSetUp)
def note_taxes(event: FirmSetUp) -> None:
    """The rates of its country are noted; again changes nothing."""
    seed_taxes(the_firm().country, now=read_clock())


@hears(PeriodOpened)
def charge_fee(event: PeriodOpened) -> None:
    """The period's fee is charged; again changes nothing."""
    periods = ContractPeriod.objects.select_related("contract__client", "contract__version")
    charge_period(period=periods.get(pk=event.period_id), now=read_clock())
