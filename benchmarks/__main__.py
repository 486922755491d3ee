"""Generate a firm in a folder of its own and measure the product on it: `python -m benchmarks [--scale N]`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Result, machine

TARGET = Path("build") / "bench.json"
LINES = Path("build") / "bench-data"


def main() -> int:
    """Fill, measure, write the figures down and print them."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--scale", type=int, default=int(os.environ.get("SCALE", "5")), help="400 tickets each"
    )
    parser.add_argument(
        "--tickets", type=int, default=int(os.environ.get("TICKETS", "100000")), help="of the desk at size"
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
        results["figures"] = _figures(arguments.tickets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1, ensure_ascii=False))  # what the command is for
    return 0


def _figures(tickets: int) -> Result:
    from ecuanime.cli.database import database

    with database():
        from benchmarks import desk, many, memory, month, pace

        figures: Result = {}
        for name, measure in pace.MEASURES:
            print(f"measuring {name} …", file=sys.stderr)  # progress
            figures[name] = measure()
        print("measuring a month's end …", file=sys.stderr)  # progress
        figures["month_end"] = month.measure()
        print("measuring memory …", file=sys.stderr)  # progress
        figures["memory_mb"] = memory.measure()
        print(f"writing {tickets} tickets …", file=sys.stderr)  # progress
        many.fill(tickets, LINES)
        print("measuring the desk at size …", file=sys.stderr)  # progress
        figures["desk"] = desk.desk()
        return figures


if __name__ == "__main__":
    sys.exit(main())
