"""What tables hold, read in one question: a refusal is shown to have changed nothing by asking before and after."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

Kind = Any  # a model's class


def held(models: Sequence[Kind], *, counted: Sequence[Kind] = ()) -> tuple[object, ...]:
    """Every row of `models` as PostgreSQL writes it, by key; of those `counted` how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_question(tuple(models), tuple(counted)))
        (found,) = cursor.fetchall()
    return tuple(found)


@cache
def _question(models: tuple[Kind, ...], counted: tuple[Kind, ...]) -> str:
    quoted = connection.ops.quote_name
    rows = [
        f"(SELECT array_agg(each::text ORDER BY each.{quoted(model._meta.pk.column)}) "
        f"FROM {quoted(model._meta.db_table)} AS each)"
        for model in models
    ]
    counts = [f"(SELECT count(*) FROM {quoted(model._meta.db_table)})" for model in counted]
    return "SELECT " + ", ".join(rows + counts)
