"""Registers the room with Django and lets it hear the events of the rooms below."""

from ecuanime.foundation.rooms import RoomConfig


class DeliveryConfig(RoomConfig):
    """The room of delivery."""

    name = "ecuanime.delivery"
