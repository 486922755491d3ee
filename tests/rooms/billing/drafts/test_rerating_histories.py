"""Random histories of approved work, corrections, packs and overdraft: what a comparison shows is what is booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecuanime.billing.actions import rate_unbilled_again
from ecuanime.billing.queries import unbilled_work
from ecuanime.contracts.models import Contract, Overage
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.actions import close_day, expire_lot, record_correction, review_entry
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.rerating import changes_of, mark_of
from tests.factories import NOW
from tests.factories.billing import Billing, by_the_minute, make_billing
from tests.factories.entitlements import make_lot, make_pack
from tests.factories.worklog import WORKED_ON

pytestmark = pytest.mark.django_db


class Month:
    """A contract with an hour of overdraft, and what may happen to its hours; each step an hour later."""

    def __init__(self, overage: Overage) -> None:
        version = by_the_minute("30", overage=overage, overage_limit_minutes=60)
        self.billing: Billing = make_billing(version=version)
        self.now: datetime = NOW

    def step(self, name: str, amount: int) -> None:
        """One step; a refusal changes nothing."""
        self.now += timedelta(hours=1)
        try:
            with transaction.atomic():
                STEPS[name](self, amount)
        except Refused:
            return

    def work(self, amount: int) -> None:
        self.billing.office.approved(amount, now=self.now, work_on=WORKED_ON - timedelta(days=amount % 3))

    def correct(self, amount: int) -> None:
        office, entries = self.billing.office, list(TimeEntry.objects.filter(corrects=None).order_by("pk"))
        if entries:
            entry = entries[amount % len(entries)]
            facts = {"by": office.supervisor, "reason": "x", "now": self.now}
            seconds = (amount - 30) * 60
            correction = record_correction(entry=entry, seconds=seconds, **facts)  # type: ignore[arg-type]
            close_day(day=self.now.date(), now=self.now)
            correction.refresh_from_db()
            review_entry(entry=correction, by=office.supervisor, now=self.now)

    def grant(self, amount: int) -> None:
        first = WORKED_ON - timedelta(days=amount % 3)
        make_lot(self.billing.contract, amount, valid_from=first, priority=amount, now=self.now)

    def expire(self, amount: int) -> None:
        lot = make_lot(self.billing.contract, amount, expires_on=date(2026, 11, 9), now=self.now)
        expire_lot(lot=lot, now=self.now)

    def settle(self, amount: int) -> None:
        """A pack for later work pays for what was overdrawn."""
        starts_on = date(2026, 12, 1)
        make_pack(
            self.billing.contract, 1 + amount % 2, starts_on=starts_on, now=self.now, usable_from=self.now
        )

    def rate_again(self, amount: int) -> None:
        compare_and_book(self)


STEPS: dict[str, Callable[[Month, int], None]] = {
    "work": Month.work,
    "correct": Month.correct,
    "grant": Month.grant,
    "expire": Month.expire,
    "settle": Month.settle,
    "rate_again": Month.rate_again,
}


def compare_and_book(month: Month) -> None:
    contract = Contract.objects.select_related("version").get(pk=month.billing.contract.pk)
    changes = changes_of(contract, unbilled_work(contract))
    if changes:
        by = month.billing.office.supervisor
        facts = {"contract": contract, "by": by, "reason": "x", "now": month.now}
        rate_unbilled_again(shown=mark_of(changes), **facts)  # type: ignore[arg-type]
    assert changes_of(contract, unbilled_work(contract)) == []


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([Overage.OVERDRAFT, Overage.BILL]),
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 60)), min_size=5, max_size=9),
)
def test_what_is_shown_is_what_is_booked(overage: Overage, history: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        month = Month(overage)
        month.work(50)
        for name, amount in history:
            month.step(name, amount)
        month.now += timedelta(hours=1)
        compare_and_book(month)
        assert list(verify_ledger()) == []
        transaction.set_rollback(True)
