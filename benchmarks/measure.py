"""Timing and describing: medians over repetitions, and what machine they were taken on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Result = dict[str, Any]


def median_ms(work: Callable[[], object], *, times: int = 15) -> Result:
    """Median milliseconds of one call, after one that is not counted: by the clock, and of our own processor time.

    The second hardly depends on what else the machine does; it leaves out the database.
    """
    work()
    taken, computed = zip(*(_timed(work) for _time in range(times)), strict=True)
    return {"ms": round(statistics.median(taken), 2), "cpu_ms": round(statistics.median(computed), 2)}


@dataclass(frozen=True)
class Work:
    """What is measured, and the surroundings it needs, which are not."""

    do: Callable[[], object]
    inside: AbstractContextManager[object] = field(default_factory=nullcontext)


def in_turn(works: Mapping[str, Work], *, rounds: int = 12, times: int = 3) -> Result:
    """The medians of each of `works`, which take turns, so that whatever else the machine does slows all of them alike.

    The first is the floor of the others: `times` is by how much they take longer by the clock, `cpu_times` of our own
    processor time.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            with work.inside:
                work.do()  # after which nothing is as the one before it left it
                taken[name] += [_timed(work.do) for _time in range(times)]
    medians = {
        name: [statistics.median(each) for each in zip(*of, strict=True)] for name, of in taken.items()
    }
    floor = next(iter(medians.values()))
    return {
        name: {
            "ms": round(clock, 2),
            "cpu_ms": round(computed, 2),
            "times": round(clock / floor[0], 2),
            "cpu_times": round(computed / floor[1], 2),
        }
        for name, (clock, computed) in medians.items()
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call by the clock, and of our own processor time."""
    begin, begun = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begin) * 1000, (time.process_time() - begun) * 1000


def page_figures(browser: Client, path: str) -> Result:
    """The statements of a page and its medians."""
    return statements_of(browser, path) | median_ms(partial(browser.get, path))


def statements_of(browser: Client, path: str, *, status: int = 200) -> Result:
    """How many statements a page takes at the second look."""
    answer = browser.get(path)
    if answer.status_code != status:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return {"queries": len(queries)}


def pace_of(work: Callable[[], object], count: int) -> Result:
    """How many of `count` things per second one call of `work` does, and our own processor time for each."""
    begin, begun = time.perf_counter(), time.process_time()
    work()
    taken, computed = time.perf_counter() - begin, time.process_time() - begun
    return {"per_s": round(count / taken, 1), "cpu_ms": round(computed * 1000 / count, 2)}


def memory_mb(pid: int) -> float:
    """Proportional set size of a process in MiB: shared pages are counted once over all who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def children_of(pid: int) -> list[int]:
    """All processes below `pid`."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(status.parent.name)
            found += [child, *children_of(child)]
    return found


def machine() -> Result:
    """The machine and the load it was under."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_before": os.getloadavg()[0],
    }
