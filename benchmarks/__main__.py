"""Generate a firm in a folder of its own and measure the product on it: `python -m benchmarks [--only desk]`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Result, machine

TARGET = Path("build") / "bench.json"
LINES = Path("build") / "bench-data"
PARTS = ("pace", "month", "memory", "statements", "desk")


def main() -> int:
    """Fill, measure, write the figures down and print them."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--scale", type=int, default=int(os.environ.get("SCALE", "5")), help="400 tickets each"
    )
    parser.add_argument(
        "--tickets", type=int, default=int(os.environ.get("TICKETS", "100000")), help="of the desk at size"
    )
    parser.add_argument(
        "--only", choices=PARTS, default=os.environ.get("ONLY") or None, help="one part instead of all"
    )
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ec-bench-"))
    os.environ |= {
        "ECUANIME_DATA": str(folder),
        "ECUANIME_ENV_FILE": os.devnull,
        "ECUANIME_URL": "http://localhost:8765",
    }
    os.environ |= {"ECUANIME_PORT": "8765", "ECUANIME_LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    try:
        results: Result = {"machine": machine(), "scale": arguments.scale}
        fill = [sys.executable, "-m", "ecuanime.cli", "demo", "--scale", str(arguments.scale)]
        subprocess.run(fill, check=True, stdout=sys.stderr)
        parts = [arguments.only] if arguments.only else PARTS
        results["figures"] = _figures(parts, arguments.tickets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1, ensure_ascii=False))  # what the command is for
    return 0


def _figures(parts: Sequence[str], tickets: int) -> Result:
    from ecuanime.cli.database import database

    with database():
        figures: Result = {}
        for part in parts:
            print(f"measuring: {part} …", file=sys.stderr)  # progress
            figures |= _measured(part, tickets)
        return figures


def _measured(part: str, tickets: int) -> Result:
    from benchmarks import desk, many, memory, month, pace, statements

    if part == "pace":
        return {name: measure() for name, measure in pace.MEASURES}
    if part == "month":
        return {"month_end": month.measure()}
    if part == "memory":
        return {"memory_mb": memory.measure()}
    if part == "statements":
        return {"statements": statements.measure()}
    filling = many.fill(tickets, LINES)
    return {"filling_s": filling, "desk": desk.desk()}


if __name__ == "__main__":
    sys.exit(main())
