"""Killing a process of our own half-way, as a power cut would, and looking at what it left behind.

The script runs in a process of its own on the test's database and data folder, so the test must commit what the
script is to find (`django_db(transaction=True)`).
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
READ_BY_SETTINGS = ("ECUANIME_", "DATABASE_", "DJANGO_")
SECONDS = 60


def run_script(script: str, *, crash_at: str = "") -> int:
    """Run Python code with Django set up; with `crash_at` the named crash point kills it. Returns the exit code.

    Raises `AssertionError` with its words when it fails in any other way.
    """
    surroundings = _surroundings()
    settled = tuple(each for each in surroundings.items() if each[0].startswith(READ_BY_SETTINGS))
    crash = {"ECUANIME_CRASH_TESTS": "1", "ECUANIME_CRASH_AT": crash_at} if crash_at else {}
    with tempfile.NamedTemporaryFile("r") as words:
        code = _ask(
            _forking(settled), {"script": script, "surroundings": surroundings | crash, "words": words.name}
        )
        assert code in (0, -signal.SIGKILL), words.read()
    return code


@cache
def _forking(settled: tuple[tuple[str, str], ...]) -> subprocess.Popen[str]:
    """The process that forks, for settings that are read from these surroundings; it ends with ours."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.forks"],
        cwd=ROOT,
        env=_surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _ask(forking: subprocess.Popen[str], request: dict[str, object]) -> int:
    assert forking.stdin
    assert forking.stdout
    forking.stdin.write(f"{json.dumps(request)}\n")
    forking.stdin.flush()
    if not select.select([forking.stdout], [], [], SECONDS)[0]:
        os.killpg(forking.pid, signal.SIGKILL)
        _forking.cache_clear()
        raise TimeoutError(f"a script is not done after {SECONDS} s")
    return int(forking.stdout.readline())


def killed(code: int) -> bool:
    """Whether the process died at its crash point."""
    return code == -signal.SIGKILL


def _surroundings() -> dict[str, str]:
    return (
        {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
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
