"""Which icons the sprite holds."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).resolve().parents[1] / "static/ecuanime/icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """The names in the sprite; read once."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
