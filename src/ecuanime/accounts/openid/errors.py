"""What goes wrong between us and a provider; both carry a code for the log, never a token."""

from __future__ import annotations


class Unreachable(Exception):
    """The provider does not answer, or with something that is no answer: trying later may help."""


class Unproven(Exception):
    """What came back does not prove who somebody is, so nobody is signed in."""
