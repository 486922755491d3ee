"""Registers the room with Django."""

from ecuanime.foundation.rooms import RoomConfig


class EmergenciesConfig(RoomConfig):
    """The room of emergencies."""

    name = "ecuanime.emergencies"
