"""A firm whose clients pay by card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.cards import Cards, card_firm


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cards]:
    with card_firm(monkeypatch) as made:
        yield made
