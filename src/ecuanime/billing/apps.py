"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class BillingConfig(RoomConfig):
    """The room of billing."""

    name = "ecuanime.billing"
