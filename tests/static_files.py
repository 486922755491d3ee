"""Static files, listed once.

Every browser of a test builds the chain of middleware anew, and WhiteNoise looks for some hundred files each time.
"""

from __future__ import annotations

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_add_files = WhiteNoiseMiddleware.add_files_from_finders


def list_once() -> None:
    """Let WhiteNoise keep what it found the first time."""
    found: dict[str, Any] = {}

    def add_files(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            _add_files(middleware)
            found.update(middleware.files)
        middleware.files |= found

    WhiteNoiseMiddleware.add_files_from_finders = add_files
