"""Mail that comes in while the browser looks."""

from __future__ import annotations

from ecuanime.channels.actions import read_soon
from ecuanime.channels.email.arrivals import store_arrival
from tests.browser.house import House


def receive(house: House, raw: bytes) -> None:
    """What `ecuanime mail receive` does with a mail, and the worker after it."""
    store_arrival(raw=raw, origin="pipe", now=house.clock.now())
    read_soon()
    house.work()
