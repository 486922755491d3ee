"""Model fields whose names carry their unit."""

from __future__ import annotations

from django.db import models


class MinorUnitsField(models.BigIntegerField):
    """An amount of money as a whole number of the currency's minor units (cents for EUR and MXN)."""


class HundredthsField(models.BigIntegerField):
    """A quantity of the ledger: hundredths of a minute, or whole incidents or visits times 100."""


class CurrencyField(models.CharField):
    """An ISO 4217 code, three capital letters."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "EUR")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own field signature is untyped


class RateField(models.DecimalField):
    """A price per hour or per unit, in major units, with up to six decimals; never a float."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own field signature is untyped


class FactorField(models.DecimalField):
    """A weight or a surcharge: a plain factor such as 0.5 or 1.5, four decimals."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own field signature is untyped
