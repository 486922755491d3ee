"""Model fields whose names carry their unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    _Char = models.CharField[str | Combinable, str]
    _Decimal = models.DecimalField[str | int | Decimal | Combinable, Decimal]
    _OptionalDecimal = models.DecimalField[str | int | Decimal | Combinable | None, Decimal | None]
else:  # the real classes take no type arguments
    _Char, _Decimal, _OptionalDecimal = models.CharField, models.DecimalField, models.DecimalField

# An amount of money as a whole number of the currency's minor units (cents for EUR and MXN).
MinorUnitsField = models.BigIntegerField

# A quantity of the ledger: hundredths of a minute (whole incidents in a lot that counts these).
HundredthsField = models.BigIntegerField


class CurrencyField(_Char):
    """An ISO 4217 code, three capital letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "EUR")
        super().__init__(*args, **kwargs)


class RateField(_Decimal):
    """A price per hour or per unit, in major units, with up to six decimals; never a float."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **kwargs)


class OptionalRateField(_OptionalDecimal):
    """A price that may be absent: then there is nothing to pay, or another row says it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **{**kwargs, "null": True, "blank": True})


class FactorField(_Decimal):
    """A weight or a surcharge: a plain factor such as 0.5 or 1.5, four decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)
