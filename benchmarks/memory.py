"""What each process of a running product holds in memory, after it has answered some requests."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import Result, children_of, memory_mb

ADDRESS = "http://127.0.0.1:8765"
REQUESTS = 200


def measure() -> Result:
    """Start the product on the benchmark's data, use it a little, and read what its processes hold."""
    server = subprocess.Popen(
        [sys.executable, "-m", "ecuanime.cli", "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait()
        for _ in range(REQUESTS):
            urllib.request.urlopen(f"{ADDRESS}/cuenta/login/", timeout=10).read()
        found: Result = {"supervisor": memory_mb(server.pid)}
        for pid in children_of(server.pid):
            name = _name(pid)
            found[name] = round(found.get(name, 0) + memory_mb(pid), 1)
        return found
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{ADDRESS}/cuenta/login/", timeout=2)
            return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError("the product did not start")


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return next(
        (word for word in words if word in {"web", "worker", "keeper"}), Path(words[0]).name or "other"
    )
