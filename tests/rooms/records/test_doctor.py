"""What the doctor says, in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ecuanime.foundation.clock import read_clock
from ecuanime.records import doctor
from ecuanime.records.doctor import Finding, examine, least_apart
from tests.factories import NOW, make_firm


@pytest.mark.django_db
def test_the_doctor_says_what_is_missing_in_words() -> None:
    said = {finding.text: finding.well for _heading, finding in examine(NOW)}
    assert any(text.startswith("No firm yet") and not well for text, well in said.items())
    make_firm(name="Nodo Alisio")
    assert ("The firm is Nodo Alisio.", True) in [(f.text, f.well) for _heading, f in examine(NOW)]


@pytest.mark.parametrize(
    ("told", "apart"),
    [(0, 0), (2, 0), (4.6, 0), (4.7, 0.1), (-0.5, 0.5), (10, 5.4)],
)
def test_how_long_the_database_takes_to_answer_is_no_difference_of_clocks(told: float, apart: float) -> None:
    answered_at = NOW + timedelta(seconds=4.6)
    assert least_apart(NOW + timedelta(seconds=told), NOW, answered_at) == timedelta(seconds=apart)


@pytest.mark.django_db
def test_the_doctor_says_that_the_clocks_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def clocks() -> list[Finding]:
        return [finding for _heading, finding in examine(NOW) if "clock" in finding.text]

    assert clocks() == []
    monkeypatch.setattr(doctor, "read_clock", lambda: read_clock() - timedelta(minutes=1))
    (finding,) = clocks()
    assert not finding.well
    assert re.fullmatch(r"Its clock and this machine's are at least (59|60)\.\d s apart\.", finding.text)
