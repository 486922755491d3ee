"""What every room's Django app has in common."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """A room: once Django is ready its `handlers` module, if it has one, is heard from."""

    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls) -> None:
        """Say which class Django takes from a room's `apps` module, where it finds this one too, imported."""
        cls.default = True

    def ready(self) -> None:
        """Import the room's handlers, so that their `hears` registrations exist."""
        if find_spec(f"{self.name}.handlers"):
            import_module(f"{self.name}.handlers")
