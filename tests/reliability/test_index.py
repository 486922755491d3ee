"""The index of faults names tests that are there, for every fault."""

from __future__ import annotations

import pytest

from tests.reliability.index import COVERED, FAULTS
from tests.security.test_index import missing


def test_every_fault_has_its_tests() -> None:
    assert list(COVERED) == list(FAULTS) == [f"F{number}" for number in range(1, 13)]


@pytest.mark.parametrize("fault", COVERED)
def test_the_tests_of_a_fault_are_there(fault: str) -> None:
    assert COVERED[fault]
    assert missing(COVERED[fault]) == []
