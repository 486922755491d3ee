"""How the database goes about what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection


def explained(work: Callable[[], object], *options: str) -> list[list[Any]]:
    """What EXPLAIN with some options says of each statement that `work` runs, row by row.

    The statements are caught with their values on the way to the database: some leave the process apart from them.
    """
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        work()
    answers = []
    with connection.cursor() as cursor:
        for sql, values in asked:
            cursor.execute(f"EXPLAIN ({', '.join(options)}) {sql}", values)
            answers.append([row[0] for row in cursor.fetchall()])
    return answers
