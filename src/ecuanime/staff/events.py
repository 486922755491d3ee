"""What happens to the firm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FirmSetUp:
    """The firm exists, with its first administrator; what a new firm needs can be laid out."""

    firm_id: int


@dataclass(frozen=True)
class HolidaysChanged:
    """Days on which the firm is closed were added or taken away."""

    firm_id: int
