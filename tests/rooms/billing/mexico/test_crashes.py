"""`kill -9` while a document is stamped: it is stamped once, with the stamp that it got the first time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ecuanime.billing.models import Cfdi
from ecuanime.billing.packs.mx.pac.outbox import CLAIM_LASTS
from tests.crash import killed, run_script
from tests.factories.mexico import Stamping, cfdi_of, stamping_firm

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

STAMP = """
from datetime import datetime
from ecuanime.billing.packs.mx.pac import services
from ecuanime.billing.packs.mx.pac.contract import Service
from ecuanime.billing.packs.mx.pac.outbox import stamp_due
services.SERVICES.update(dict.fromkeys(services.SERVICES, Service({url!r}, is_internal=True)))
stamp_due(lambda: datetime.fromisoformat({now!r}))
"""


@pytest.fixture
def stamping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    with stamping_firm(monkeypatch) as made:
        yield made


def run(stamping: Stamping, *, crash_at: str = "") -> int:
    values = {"url": stamping.pac.url, "now": stamping.now.isoformat()}
    return run_script(STAMP.format(**values), crash_at=crash_at)


@pytest.mark.parametrize(("point", "made"), [("billing.cfdi_claimed", 0), ("billing.cfdi_answered", 1)])
def test_a_kill_while_stamping_stamps_once(stamping: Stamping, point: str, made: int) -> None:
    issued = stamping.issue()
    assert killed(run(stamping, crash_at=point))
    assert (len(stamping.pac.stamped), cfdi_of(issued).state) == (made, Cfdi.State.TO_STAMP)
    assert stamping.stamp() == 0  # the claim of the dead still holds
    before = list(stamping.pac.stamped.values())

    assert stamping.stamp(CLAIM_LASTS) == 1

    issued.refresh_from_db()
    assert not issued.is_held
    assert len(stamping.pac.stamped) == 1
    if before:
        assert cfdi_of(issued).uuid.encode() in before[0]


ISSUE = """
from datetime import datetime
from ecuanime.accounts.models import User
from ecuanime.billing.actions import issue_invoice
from ecuanime.billing.models import Invoice
issue_invoice(
    invoice=Invoice.objects.get(pk={invoice}), by=User.objects.get(pk={clerk}), now=datetime.fromisoformat({now!r})
)
"""


def test_a_kill_once_it_is_sealed_issues_nothing(stamping: Stamping) -> None:
    draft = stamping.draft()
    values = {"invoice": draft.pk, "clerk": stamping.billing.clerk.pk, "now": stamping.now.isoformat()}
    assert killed(run_script(ISSUE.format(**values), crash_at="billing.cfdi_sealed"))
    draft.refresh_from_db()
    assert (draft.number, draft.is_held, Cfdi.objects.count()) == (None, False, 0)

    issued = stamping.billing.issue(draft)
    assert issued.sequence == 1
    assert stamping.stamp() == 1
    assert len(stamping.pac.stamped) == 1
