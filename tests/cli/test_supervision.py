"""The supervisor: restarts what crashes, ends what it started, leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ecuanime.cli.supervision import Child, Supervisor

pytestmark = pytest.mark.crash

# Writes its number, then runs until told to stop.
STEADY = """
import os, signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Path(sys.argv[1], "seen", str(os.getpid())).write_text("")
while True:
    time.sleep(0.05)
"""
DEAF = STEADY.replace("lambda *_: sys.exit(0)", "signal.SIG_IGN")
PARENT = """
import sys
from ecuanime.cli.supervision import Child, Supervisor
supervisor = Supervisor([Child("steady", [sys.executable, "-c", sys.argv[2], sys.argv[1]])])
supervisor.listen_to_signals()
supervisor.run(each_tick=lambda: None)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "seen").mkdir()
    return tmp_path


def child(source: str, place: Path) -> Child:
    return Child("child", [sys.executable, "-c", source, str(place)])


def seen(place: Path) -> set[int]:
    return {int(path.name) for path in (place / "seen").iterdir()}


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def run_until(supervisor: Supervisor, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 15

    def tick() -> None:
        supervisor.stopping = bool(condition()) or time.monotonic() > deadline

    supervisor.run(each_tick=tick)
    assert condition()


def test_a_crashed_child_is_started_again_and_all_are_ended(place: Path) -> None:
    supervisor = Supervisor([child(STEADY, place)])
    killed: set[int] = set()

    def kill_the_first() -> bool:
        if not killed and seen(place):
            killed.update(seen(place))
            os.kill(next(iter(killed)), signal.SIGKILL)
        return len(seen(place)) == 2

    run_until(supervisor, kill_the_first)
    assert not any(lives(pid) for pid in seen(place))


def test_a_child_that_keeps_crashing_is_given_longer_and_longer_pauses(place: Path) -> None:
    broken = child("raise SystemExit(3)", place)
    pauses = []
    now = 1000.0
    for _ in range(9):
        broken.look_after(now)
        assert eventually(lambda: not broken.is_running)
        broken.look_after(now)
        pauses.append(broken.start_at - now)
        now = broken.start_at
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_child_that_ran_long_is_started_again_at_once(place: Path) -> None:
    broken = child("raise SystemExit(3)", place)
    for now in (1000.0, 2000.0, 3000.0):
        broken.look_after(now)
        assert eventually(lambda: not broken.is_running)
        broken.look_after(now + 61)
        assert broken.start_at == now + 61


def test_a_child_that_does_not_listen_is_killed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecuanime.cli.supervision.GRACE_SECONDS", 0.3)
    run_until(Supervisor([child(DEAF, place)]), lambda: seen(place))
    assert not any(lives(pid) for pid in seen(place))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_the_supervisor_and_its_children(number: signal.Signals, place: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(place), STEADY])
    assert eventually(lambda: seen(place))
    parent.send_signal(number)
    assert parent.wait(timeout=10) == 0
    assert not any(lives(pid) for pid in seen(place))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of other systems has no such signal")
def test_children_end_when_the_supervisor_is_killed(place: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(place), STEADY])
    assert eventually(lambda: seen(place))
    parent.kill()
    parent.wait()
    assert eventually(lambda: not any(lives(pid) for pid in seen(place)))


def test_a_process_that_watches_its_parent_ends_after_it(place: Path) -> None:
    watching = f"from ecuanime.foundation.processes import end_with_parent\nend_with_parent()\n{STEADY}"
    between = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    parent = subprocess.Popen([sys.executable, "-c", between, str(place), watching])
    assert eventually(lambda: seen(place))
    parent.kill()
    parent.wait()
    assert eventually(lambda: not any(lives(pid) for pid in seen(place)))
