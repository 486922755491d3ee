"""Two people confirm the same money at once: it is noted once. The control shows that the lock is what sees to it."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import pytest
from pytest_django.fixtures import Settings

from ecuanime.billing import actions
from ecuanime.billing.actions.bank import statements as bank
from ecuanime.billing.models import BankEntry, Invoice, Payment
from ecuanime.foundation.errors import Refused
from tests.factories.bank import make_entries
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.test_race import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def billing(settings: Settings, tmp_path: Path) -> Billing:
    settings.ECUANIME_FILES = str(tmp_path)
    billing = make_billing()
    billing.approved(30)
    return billing


def confirm(billing: Billing, found: BankEntry, issued: Invoice) -> object:
    """Note all of it on an invoice that owes twice as much; how that was refused, where it was."""
    try:
        return actions.match_entry(
            entry=found, parts=[(issued, 1353)], left=1353, by=billing.clerk, now=MONTH_END
        )
    except Refused as refusal:
        return refusal.code


def both(billing: Billing) -> list[object]:
    issued = billing.issue()
    [found] = make_entries(billing.clerk)
    return at_once([lambda: confirm(billing, found, issued)] * 2)


def test_two_confirmations_are_one_payment(billing: Billing) -> None:
    assert "changed" in both(billing)
    assert Payment.objects.count() == 1


def test_control_without_the_lock_both_would_note_it(
    billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They both read that it waits before either writes, and its invoice owes enough for both."""
    read = Barrier(2, timeout=20)

    def unlocked(entry: BankEntry) -> BankEntry:
        found = BankEntry.objects.get(pk=entry.pk)
        read.wait()
        return found

    monkeypatch.setattr(bank, "_locked", unlocked)

    assert "changed" not in both(billing)
    assert Payment.objects.count() == 2
