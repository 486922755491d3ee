"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class TicketsConfig(RoomConfig):
    """The room of tickets."""

    name = "ecuanime.tickets"
