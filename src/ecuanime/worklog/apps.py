"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class WorklogConfig(RoomConfig):
    """The room of worklog."""

    name = "ecuanime.worklog"
