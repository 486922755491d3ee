"""What a plan version means, in sentences of the reader's language, with an example worked out by the rules."""

from __future__ import annotations

from ecuanime.contracts.models import Contract, PlanVersion


def sentences_of(version: PlanVersion, contract: Contract | None = None) -> list[str]:
    """What the version says, one rule a sentence; with a contract, with its overrides."""
    raise NotImplementedError


def example_of(version: PlanVersion) -> list[str]:
    """What a call of 20 minutes would take or cost under the version, worked out by the same engine that bills."""
    raise NotImplementedError
