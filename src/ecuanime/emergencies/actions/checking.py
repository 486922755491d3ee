"""What was asked before an answer, kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ecuanime.emergencies.models import Assessment, Check, Finding, Question


@dataclass(frozen=True)
class Found:
    """What was found about a question. `finding` is one of `Finding`."""

    finding: str = Finding.UNKNOWN
    note: str = ""


def keep_checks(assessment: Assessment, found: Mapping[str, Found]) -> None:
    """Keep with an answer what was found about each question; what nobody has answered is not known."""
    Check.objects.bulk_create(
        Check(
            assessment=assessment,
            question=question,
            finding=each.finding,
            note=" ".join(each.note.split())[:300],
        )
        for question in Question
        for each in [found.get(question, Found())]
    )
