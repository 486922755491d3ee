"""`kill -9` in the middle of sending: the chain arrives once and in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ecuanime.billing.models import Submission, Verdict
from ecuanime.billing.packs.es.agency.outbox import CLAIM_LASTS
from tests.certificates import authority
from tests.crash import killed, run_script
from tests.factories.agency import Sending, sending_firm

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

SEND = """
from datetime import datetime
from ecuanime.billing.packs.es.agency import services
from ecuanime.billing.packs.es.agency.outbox import send_due
place = services.Service({url!r}, is_internal=True, authorities={authorities!r})
services.SERVICES.update(dict.fromkeys(services.SERVICES, place))
send_due(lambda: datetime.fromisoformat({now!r}))
"""


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        yield made


def run(sending: Sending, *, crash_at: str = "") -> int:
    values = {"url": sending.agency.url, "authorities": authority().pem, "now": sending.now.isoformat()}
    return run_script(SEND.format(**values), crash_at=crash_at)


@pytest.mark.parametrize(("point", "arrived"), [("agency.claimed", 0), ("agency.answered", 3)])
def test_a_kill_while_sending_loses_nothing_and_counts_nothing_twice(
    sending: Sending, point: str, arrived: int
) -> None:
    sending.issue(3)
    assert killed(run(sending, crash_at=point))
    assert (len(sending.agency.taken), Verdict.objects.count()) == (arrived, 0)
    assert sending.send() == 0  # the claim of the dead still holds
    sending.issue()
    sending.now += CLAIM_LASTS
    assert not killed(run(sending))
    assert sending.agency.taken == sending.chained
    states = Submission.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [Submission.State.UNANSWERED, Submission.State.ANSWERED]
    verdicts = Verdict.objects.order_by("record__position").values_list("state", "is_duplicate")
    assert list(verdicts) == [("accepted", bool(arrived))] * 3 + [("accepted", False)]
    assert sending.send(timedelta(minutes=2)) == 0
