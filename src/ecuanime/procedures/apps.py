"""Registers the room with Django."""

from ecuanime.foundation.rooms import RoomConfig


class ProceduresConfig(RoomConfig):
    """The room of checklists."""

    name = "ecuanime.procedures"
