"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class ImportsConfig(RoomConfig):
    """The room of imports."""

    name = "ecuanime.imports"
