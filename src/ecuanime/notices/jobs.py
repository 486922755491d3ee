"""The jobs of notices: what is urgent leaves at once, the rest in rounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from time import monotonic

from django.utils.translation import gettext_noop

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import URGENT, job
from ecuanime.foundation.rounds import work_through
from ecuanime.notices import actions
from ecuanime.notices.queries import due_bundles

ROUND_SECONDS = 45
"""After so long no other bundle is begun: the next round, which has begun or soon does, goes on."""
SENDING = gettext_noop("Sending what people are told")


@job(name="notices.send_bundle", queue="mail", priority=URGENT)
def send_bundle(*, bundle_id: int) -> None:
    """Send one bundle that neither waits for company nor behind others. A try that fails is left to the rounds."""
    actions.send_bundle(bundle_id=bundle_id, now=read_clock())


@job(name="notices.send_due_bundles", queue="mail", queueing_lock="notices.send_due_bundles")
def send_due_bundles(timestamp: int) -> None:
    """Send what has gathered for long enough, and what a dead worker left behind.

    The clock is read for each: a receiver that hangs takes its time, and a claim lasts from when it is made.
    """
    work_through(
        _bundles_of_a_round(read_clock()),
        lambda bundle_id: actions.send_bundle(bundle_id=bundle_id, now=read_clock()),
        work=SENDING,
        page=lambda _bundle: "/avisos/",
    )


def _bundles_of_a_round(now: datetime) -> Iterator[int]:
    begun = monotonic()
    for bundle_id in due_bundles(now=now):
        if monotonic() - begun > ROUND_SECONDS:
            break
        yield bundle_id
