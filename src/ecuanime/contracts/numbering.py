"""The numbers people say (CT-0001, BN-0187): the next one of a series, given to one transaction at a time."""

from __future__ import annotations

import zlib

from django.db import connection
from django.db.models import Model
from django.db.models.functions import Length


def next_number(model: type[Model], field: str, prefix: str) -> str:
    """The number after the highest `prefix` + digits in use, with four digits or more.

    Whoever asks holds the series until their transaction ends, so that two never get the same.
    """
    series = zlib.crc32(f"{model._meta.db_table}:{prefix}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [series])
    used = (
        model._default_manager.filter(**{f"{field}__regex": f"^{prefix}[0-9]+$"})
        .order_by(Length(field).desc(), f"-{field}")
        .values_list(field, flat=True)
        .first()
    )
    return f"{prefix}{int(used.removeprefix(prefix)) + 1 if used else 1:04}"
