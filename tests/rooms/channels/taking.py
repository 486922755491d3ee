"""Offering mails to intake in tests."""

from __future__ import annotations

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation import files
from tests.factories import NOW


def take(
    raw: bytes, origin: str = IncomingMail.Origin.PIPE, *, mailbox: Mailbox | None = None
) -> IncomingMail:
    """Offer a mail and have it read."""
    arrival = store_arrival(raw=raw, origin=origin, now=NOW, mailbox=mailbox)
    done = read_arrival(arrival_id=arrival.pk, now=NOW)
    assert done is not None
    assert files.read(done.raw_id) == raw
    return done
