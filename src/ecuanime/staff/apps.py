"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class StaffConfig(RoomConfig):
    """The room of staff."""

    name = "ecuanime.staff"
