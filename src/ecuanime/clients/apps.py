"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class ClientsConfig(RoomConfig):
    """The room of clients."""

    name = "ecuanime.clients"
