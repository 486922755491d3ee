"""Reading what somebody typed in one line."""

from __future__ import annotations

import re

LONGEST = 2000


def names_in(text: str) -> list[str]:
    """Names written with commas, semicolons or line ends between them."""
    return [name.strip() for name in re.split(r"[,;\n]", text[:LONGEST]) if name.strip()]
