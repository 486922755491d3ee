"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class ContractsConfig(RoomConfig):
    """The room of contracts."""

    name = "ecuanime.contracts"
