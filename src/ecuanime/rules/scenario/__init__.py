"""Scenarios: everything that rating needs, written as JSON, so that anyone can check the engine from outside.

`read_text` checks and reads one, `simulate` rates it and puts it on an invoice, `as_json` writes either. See
docs/rules/scenarios.md.
"""

from .reading import Kind, Problem, Wrong, read, read_text
from .simulation import Simulation, Totals, Why, simulate
from .values import NO_TAX, Entry, Scenario, Taxation, TaxRounding
from .writing import as_json, shapes_of

__all__ = [
    "NO_TAX",
    "Entry",
    "Kind",
    "Problem",
    "Scenario",
    "Simulation",
    "TaxRounding",
    "Taxation",
    "Totals",
    "Why",
    "Wrong",
    "as_json",
    "read",
    "read_text",
    "shapes_of",
    "simulate",
]
