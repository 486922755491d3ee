"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class ChannelsConfig(RoomConfig):
    """The room of channels."""

    name = "ecuanime.channels"
