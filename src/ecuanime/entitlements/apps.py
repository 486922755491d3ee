"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class EntitlementsConfig(RoomConfig):
    """The room of entitlements."""

    name = "ecuanime.entitlements"
