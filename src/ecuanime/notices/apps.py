"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class NoticesConfig(RoomConfig):
    """The room of notices."""

    name = "ecuanime.notices"
