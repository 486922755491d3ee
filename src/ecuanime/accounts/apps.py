"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class AccountsConfig(RoomConfig):
    """The room of accounts."""

    name = "ecuanime.accounts"
