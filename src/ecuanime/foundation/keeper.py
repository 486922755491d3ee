"""The process that keeps the embedded PostgreSQL running while somebody holds it (see embedded.py).

PostgreSQL refuses to run as root. When we are root it runs as the owner of the cluster, a system user made
for it; folders that stand between that user and the programs or the cluster are opened for passing through,
not for reading.
"""

import fcntl
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from ecuanime.foundation import embedded
from ecuanime.foundation.environment import ConfigurationError
from ecuanime.foundation.processes import die_with_parent

SYSTEM_USER = "ecuanime"
SHARED_MEMORY = Path("/proc/sysvipc/shm")
GHOST_SECONDS = 20
STOP_SECONDS = 60
LEAST_FREE_BYTES = 200 * 1024 * 1024
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",  # one file per weekday, so that the log never fills the disk
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}
# For tests, several at once with many connections each: data that may be lost with the machine.
FORGETFUL_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}


class Account(NamedTuple):
    """The system user that `postgres` runs as; empty when that is simply ourselves."""

    user: int | None = None
    group: int | None = None

    @property
    def uid(self) -> int:
        """The owner that the server's files must have."""
        return os.geteuid() if self.user is None else self.user

    @property
    def extra_groups(self) -> list[int] | None:
        """No group of root's stays with the server."""
        return None if self.user is None else []

    def own(self, path: Path) -> None:
        """Gives a file of ours to this user."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)


def keep(data: Path, *, durable: bool) -> None:
    """Runs the server of `data` until no hold is left, and starts it again should it die meanwhile.

    Raises `ConfigurationError` when the server can't start.
    """
    stopping = _told_to_stop()
    with embedded.lock_file(data, "keeper") as own, embedded.lock_file(data, "users") as users:
        _wait_for_lock(own)
        account = _account(data)
        _prepare(data, account)
        server = _start_server(data, account, durable)
        while not (stopping() or embedded.try_lock(users, fcntl.LOCK_EX)):
            if server.poll() is not None:
                server = _start_again(server, data, account, durable)
            time.sleep(embedded.POLL_SECONDS)
        _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """The fast shutdown: roll back, write a checkpoint, end. One that can't (a full disk) is cut short: the log of
    changes is on disk, and the next start replays it.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=STOP_SECONDS)
            return


def _told_to_stop() -> Callable[[], bool]:
    """Whether the system has sent SIGTERM; Ctrl-C and a closed terminal are none of the keeper's business."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return lambda: bool(told)


def _wait_for_lock(stream: IO[str]) -> None:
    """Takes the keeper's lock, which somebody may be testing this moment."""
    for _ in range(100):
        if embedded.try_lock(stream, fcntl.LOCK_EX):
            return
        time.sleep(0.05)
    raise ConfigurationError("Another process keeps the embedded database of this data folder: end it first.")


def _account(data: Path) -> Account:
    """Ourselves, or, when we are root, the owner of the cluster or else a user made for it."""
    if os.geteuid() != 0:
        return Account()
    cluster = data / "postgres"
    if cluster.exists() and (found := cluster.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    if _known(SYSTEM_USER) is None:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        with suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)
    for name in (SYSTEM_USER, "postgres", "nobody"):
        if known := _known(name):
            return Account(known.pw_uid, known.pw_gid)
    raise ConfigurationError("PostgreSQL does not run as root: start as another user, or set DATABASE_URL.")


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _prepare(data: Path, account: Account) -> None:
    """What must be true before `postgres` starts: space, access, a cluster, a private socket, no ghost."""
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        needed = LEAST_FREE_BYTES // 2**20
        raise ConfigurationError(
            f"The disk of {data} is full: {free // 2**20} MB free, {needed} MB needed. Free some."
        )
    if account.group is not None:
        _let_through(data, account.group)
    cluster = data / "postgres"
    if not cluster.exists():
        _create_cluster(cluster, account)
    _check_version(cluster)
    _make_socket_folder(embedded.socket_folder(data), account)
    _clear_ghost(data, account)


def _let_through(data: Path, group: int) -> None:
    """Lets the server's user pass to its programs and its cluster; only root comes here."""
    install = embedded.programs().parent
    for folder in [*install.parents, *data.parents]:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    os.chown(data, 0, group)
    data.chmod(0o710)
    if not (install / "bin" / "postgres").stat().st_mode & stat.S_IROTH:  # installed under a strict umask
        subprocess.run(["chmod", "-R", "o+rX", str(install)], check=True)


def _create_cluster(cluster: Path, account: Account) -> None:
    """A cluster with our user and our empty database, whole or not at all: built aside, then renamed."""
    draft = cluster.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run(account, "initdb", "-D", str(draft), "-U", embedded.NAME, "--auth=trust", *locale)
    create = f"CREATE DATABASE {embedded.NAME}\n"
    _run(account, "postgres", "--single", "-D", str(draft), "postgres", said=create)
    draft.rename(cluster)


def _run(account: Account, program: str, *arguments: str, said: str = "") -> None:
    done = subprocess.run(
        [str(embedded.programs() / program), *arguments],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else f"code {done.returncode}"
        raise ConfigurationError(f"PostgreSQL's {program} failed: {reason}")


def _check_version(cluster: Path) -> None:
    try:
        version = (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise ConfigurationError(
            f"Cannot read {cluster}: {error.strerror}. Run as its owner, or put it back from your backup."
        ) from error
    if version != str(embedded.VERSION):
        raise ConfigurationError(
            f"{cluster} is of PostgreSQL {version}, this Ecuánime brings {embedded.VERSION}: make a backup with "
            "the version of Ecuánime that wrote it, and restore it with this one."
        )


def _make_socket_folder(folder: Path, account: Account) -> None:
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise ConfigurationError(
            f"{folder} is not a private folder of the database's user: remove it, or shorten ECUANIME_DATA."
        )


def _clear_ghost(data: Path, account: Account) -> None:
    """Removes what would keep the server from starting though no keeper runs one.

    A server whose keeper was killed is asked to end; what a killed server leaves behind gets time to notice.
    Then `postgres` itself clears the files that name a dead process, unless that number is taken: by another
    process, as after the restart of a container, or by the dead one, where nobody collects the dead.
    """
    cluster = data / "postgres"
    pid = embedded.postmaster_pid(cluster)
    if pid is None:
        return
    if embedded.is_postmaster(pid, cluster):
        wait = ["-w", "-t", str(embedded.START_SECONDS)]
        with suppress(ConfigurationError):  # it was ending by itself
            _run(account, "pg_ctl", "stop", "-D", str(cluster), "-m", "fast", *wait)
    deadline = time.monotonic() + GHOST_SECONDS
    while _in_use(cluster):
        if time.monotonic() > deadline:
            raise ConfigurationError(
                f"Processes of a killed database still use {cluster}: end them, then start again."
            )
        time.sleep(0.05)
    if SHARED_MEMORY.exists() and embedded.is_alive(pid):
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in embedded.socket_folder(data).iterdir():
            left.unlink()


def _in_use(cluster: Path) -> bool:
    """Whether a process is still attached to the shared memory that the last server of this cluster made."""
    claimed = embedded.shared_memory(cluster)
    if claimed is None or not SHARED_MEMORY.exists():
        return False
    for line in SHARED_MEMORY.read_text().splitlines()[1:]:
        key, number, _, _, _, _, attached = (int(word) for word in line.split()[:7])
        if (key % 2**32, number) == claimed and attached:
            return True
    return False


def _start_server(data: Path, account: Account, durable: bool) -> "subprocess.Popen[bytes]":
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(embedded.socket_folder(data))}
    if not durable:
        options |= FORGETFUL_OPTIONS
    arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(embedded.programs() / "postgres"), "-D", str(data / "postgres"), *arguments],
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
        preexec_fn=die_with_parent(signal.SIGINT),
    )


def _start_again(
    dead: "subprocess.Popen[bytes]", data: Path, account: Account, durable: bool
) -> "subprocess.Popen[bytes]":
    if not embedded.accepts_connections(data / "postgres", dead.pid):
        raise ConfigurationError(_why_ended(data, dead.returncode))
    time.sleep(1)  # the dead server's own processes need a moment to notice
    _clear_ghost(data, account)
    return _start_server(data, account, durable)


def _why_ended(data: Path, code: int) -> str:
    """PostgreSQL's last fatal message: on stderr from before its log was open, or else in the log."""
    logs = sorted((data / "postgres" / "log").glob("*.log"), key=os.path.getmtime)[-1:]
    for log in [embedded.start_log(data), *logs]:
        fatal = [
            line for line in log.read_text(errors="replace").splitlines() if re.search("FATAL:|PANIC:", line)
        ]
        if fatal:
            reason = re.split("FATAL:|PANIC:", fatal[-1])[-1].strip()
            return f"The embedded database does not start: {reason}. See {log}."
    return (
        f"The embedded database ended with code {code} before it was ready: see {data / 'postgres' / 'log'}."
    )


def main(arguments: list[str]) -> int:
    """The keeper's command line: the data folder, then `durable` or `forgetful`."""
    try:
        keep(Path(arguments[0]), durable=arguments[1] == "durable")
    except (ConfigurationError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
