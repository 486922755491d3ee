"""The embedded PostgreSQL: shared while held, gone afterwards, back after any kill, with nothing lost."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from ecuanime.foundation import embedded, environment, keeper
from ecuanime.foundation.embedded import Hold
from ecuanime.foundation.environment import ConfigurationError

pytestmark = pytest.mark.crash

HOLDER = """
import sys, time
from pathlib import Path
from ecuanime.foundation.embedded import Hold
hold = Hold(Path(sys.argv[1]), durable=False)
hold.acquire()
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ec-"))  # shorter than tmp_path, which a socket's name may not fit
    monkeypatch.setenv("ECUANIME_DATA", str(folder / "data"))
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


def has_ended(server: int, cluster: Path) -> bool:
    return not embedded.is_postmaster(server, cluster)


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def holder(data: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def keeper_pid(data: Path) -> int:
    server = embedded.postmaster_pid(data / "postgres")
    assert server is not None
    return int(Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[1])


def write(data: Path, number: int) -> None:
    with psycopg.connect(embedded.url(data)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def kept(data: Path) -> list[int]:
    with psycopg.connect(embedded.url(data)) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]


def test_starts_durable_private_and_off_the_network(data: Path) -> None:
    with Hold(data) as url, psycopg.connect(url) as connection:
        asked = "SELECT current_setting(name) FROM unnest(%s::text[]) AS name"
        names = ["fsync", "synchronous_commit", "listen_addresses", "server_encoding", "TimeZone"]
        assert [row[0] for row in connection.execute(asked, [names])] == ["on", "on", "", "UTF8", "UTC"]
        assert stat.S_IMODE(embedded.socket_folder(data).stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700
        assert not stat.S_IMODE(data.stat().st_mode) & 0o007
    assert not embedded.is_ready(data / "postgres")


def test_serves_until_the_last_hold_is_given_up(data: Path) -> None:
    first, second = Hold(data, durable=False), holder(data)
    first.acquire()
    write(data, 1)
    first.release()
    assert kept(data) == [1]
    second.kill()  # no chance to give anything up: the kernel does
    second.wait()
    assert eventually(lambda: not embedded.keeper_lives(data))
    assert not embedded.is_ready(data / "postgres")


def test_many_who_start_at_once_share_one_server(data: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", HOLDER, str(data)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    lines = [process.stdout.readline() for process in processes if process.stdout]
    server = embedded.postmaster_pid(data / "postgres")
    for process in processes:
        process.kill()
        process.wait()
    assert lines == ["held\n"] * 4
    assert server is not None
    assert eventually(lambda: not embedded.keeper_lives(data))


def test_comes_back_with_its_rows_after_kill_of_everything(data: Path) -> None:
    for number in range(3):
        user = subprocess.Popen(
            [sys.executable, "-c", HOLDER.replace(", durable=False", ""), str(data)],
            stdout=subprocess.PIPE,
        )
        assert user.stdout is not None
        user.stdout.readline()
        write(data, number)
        server = embedded.postmaster_pid(data / "postgres")
        assert server is not None
        for pid in (user.pid, keeper_pid(data), server):
            os.kill(pid, signal.SIGKILL)
        user.wait()
        # A busy machine takes a moment to end what was killed.
        assert eventually(partial(has_ended, server, data / "postgres"))
    with Hold(data):
        assert kept(data) == [0, 1, 2]


def test_the_keeper_starts_a_killed_server_again(data: Path) -> None:
    with Hold(data):
        write(data, 1)
        server = embedded.postmaster_pid(data / "postgres")
        assert server is not None
        os.kill(server, signal.SIGKILL)
        assert eventually(lambda: embedded.postmaster_pid(data / "postgres") not in {None, server})
        assert eventually(lambda: embedded.is_ready(data / "postgres"))
        assert kept(data) == [1]


def test_a_hold_starts_a_killed_keeper_again(data: Path) -> None:
    hold = Hold(data, durable=False)
    with hold:
        write(data, 1)
        os.kill(keeper_pid(data), signal.SIGKILL)
        assert eventually(lambda: not embedded.keeper_lives(data))
        hold.ensure()
        assert kept(data) == [1]


def test_replaces_a_keeper_that_is_ending(data: Path) -> None:
    environment.make_private_folder(data)
    environment.make_private_folder(data / "locks")
    with embedded.lock_file(data, "keeper") as dying:
        assert embedded.try_lock(dying, fcntl.LOCK_EX)
        ending = threading.Timer(1, fcntl.flock, [dying, fcntl.LOCK_UN])
        ending.start()
        with Hold(data, durable=False):
            write(data, 1)
            assert kept(data) == [1]
        ending.join()


def test_starts_though_another_process_has_the_number_of_the_dead_server(data: Path) -> None:
    with Hold(data, durable=False):
        write(data, 1)
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
        owner = (data / "postgres").stat().st_uid
    # Any living process of the database's user would stop the server from starting, as a restarted container has.
    stranger = subprocess.Popen(["sleep", "600"], user=owner if os.geteuid() == 0 else None)
    try:
        pid_file = data / "postgres" / "postmaster.pid"
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        os.chown(pid_file, owner, -1)
        with Hold(data, durable=False):
            assert kept(data) == [1]
    finally:
        stranger.kill()
        stranger.wait()


def test_a_cluster_left_half_made_is_made_anew(data: Path) -> None:
    environment.make_private_folder(data)
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with Hold(data, durable=False):
        write(data, 7)
        assert kept(data) == [7]


@pytest.mark.parametrize("name", ["x" * 120, "año con espacio, coma"])
def test_a_path_no_socket_can_have_gets_a_short_one(data: Path, name: str) -> None:
    folder = data / name
    assert embedded.socket_folder(folder).parent == Path("/tmp")
    with Hold(folder, durable=False):
        write(folder, 1)
        assert kept(folder) == [1]
    shutil.rmtree(embedded.socket_folder(folder))


def test_a_short_socket_folder_of_somebody_else_is_refused(data: Path) -> None:
    folder = data / ("x" * 120)
    socket_folder = embedded.socket_folder(folder)
    socket_folder.mkdir(mode=0o777)
    socket_folder.chmod(0o777)
    try:
        with pytest.raises(ConfigurationError, match="not a private folder"):
            Hold(folder, durable=False).acquire()
    finally:
        socket_folder.rmdir()
    assert not embedded.is_ready(folder / "postgres")


def test_a_cluster_of_another_version_is_refused_untouched(data: Path) -> None:
    environment.make_private_folder(data)
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(ConfigurationError, match="is of PostgreSQL 16, this Ecuánime brings 18"):
        Hold(data, durable=False).acquire()
    assert [path.name for path in (data / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_full_disk_is_said_before_anything_is_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.make_private_folder(data)
    monkeypatch.setattr(keeper, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(ConfigurationError, match="is full"):
        keeper._prepare(data, keeper.Account())
    assert list(data.iterdir()) == []


def test_a_damaged_cluster_says_what_postgres_says(data: Path) -> None:
    with Hold(data, durable=False):
        pass
    (data / "postgres" / "postgresql.conf").write_text("max_connections = many\n")
    with pytest.raises(ConfigurationError, match=r"does not start: .*postgres-start\.log"):
        Hold(data, durable=False).acquire()


def test_a_server_that_does_not_end_when_asked_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "STOP_SECONDS", 1)
    # A shell starts what runs behind it with both signals ignored, and children inherit that.
    deaf = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "signal.signal(signal.SIGQUIT, signal.SIG_DFL); print('up', flush=True); time.sleep(60)"
    )
    server = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    keeper._end(server)
    assert server.returncode == -signal.SIGQUIT
