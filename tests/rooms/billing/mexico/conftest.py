"""A firm in Mexico, its PAC, and a clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.mexico import Stamping, stamping_firm


@pytest.fixture
def stamping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    with stamping_firm(monkeypatch) as made:
        yield made
