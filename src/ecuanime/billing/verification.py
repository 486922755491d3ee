"""Walks all invoices and says what is wrong: what `ecuanime verify` asks of this room."""

from __future__ import annotations

from collections.abc import Iterator


def verify_invoices() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    Series run 1..n without gap or repeat and their dates never go backwards; every line of time points at approved
    segments whose cents and minutes add up to it; quantity × price is the amount; taxes, totals, paid and credited
    are what their rows come to; no minute is on two live lines.
    """
    raise NotImplementedError
