"""Killing a process of our own half-way, as a power cut would, and looking at what it left behind.

The script runs in a process of its own on the test's database and data folder, so the test must commit what the
script is to find (`django_db(transaction=True)`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PRELUDE = "import django; django.setup()\n"
SECONDS = 60


def run_script(script: str, *, crash_at: str = "") -> int:
    """Run Python code with Django set up; with `crash_at` the named crash point kills it. Returns the exit code.

    Raises `AssertionError` with its words when it fails in any other way.
    """
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        cwd=ROOT,
        env=_surroundings(crash_at),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def killed(code: int) -> bool:
    """Whether the process died at its crash point."""
    return code == -signal.SIGKILL


def _surroundings(crash_at: str) -> dict[str, str]:
    base = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    crash = {"ECUANIME_CRASH_TESTS": "1", "ECUANIME_CRASH_AT": crash_at} if crash_at else {}
    return (
        base
        | crash
        | {"DATABASE_URL": _database_url(), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        | {"DJANGO_SETTINGS_MODULE": "ecuanime.config.settings"}
    )


def _database_url() -> str:
    """The test's own database, which the settings of a new process would not know."""
    settings = connection.settings_dict
    host, port = quote(settings["HOST"], safe=""), settings["PORT"]
    place = f"?host={host}" if host.startswith("%2F") else ""
    server = "" if place else f"{host}{f':{port}' if port else ''}"
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    return f"postgresql://{quote(settings['USER'], safe='')}{password}@{server}/{settings['NAME']}{place}"
