"""The demo as a Django app, so that the worker finds its job."""

from ecuanime.foundation.rooms import RoomConfig


class DemoConfig(RoomConfig):
    """No tables of its own."""

    name = "ecuanime.demo"
