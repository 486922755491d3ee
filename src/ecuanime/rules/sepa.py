"""Which countries' accounts the schemes of SEPA reach (EPC409-09), by ISO 3166-1 alpha-2."""

from __future__ import annotations

EEA = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT"}
    | {"LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"}
)
"""The European Economic Area: an account there needs no BIC beside it."""
BEYOND = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
"""The others: their accounts come with the BIC of their bank."""
