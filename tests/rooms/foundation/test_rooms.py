"""Every room is registered under its own configuration, so that its handlers are loaded and hear."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from django.apps import AppConfig, apps


def test_every_room_loads_its_handlers() -> None:
    rooms = [room for room in apps.get_app_configs() if room.name.startswith("ecuanime.")]
    assert rooms
    for room in rooms:
        assert type(room) is not AppConfig, f"{room.name} runs under Django's plain configuration"
        if find_spec(f"{room.name}.handlers"):
            assert f"{room.name}.handlers" in sys.modules
