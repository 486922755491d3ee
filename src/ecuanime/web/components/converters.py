"""A day in an address, `2026-11-10`."""

from __future__ import annotations

from datetime import date


class DayConverter:
    """Dates as ISO 8601 writes them; anything else is another address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError, which means "not found", for one that no calendar has."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as it stands in an address."""
        return value.isoformat()
