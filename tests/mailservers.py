"""Real mail servers for the tests marked `mailserver`: Dovecot and OpenSMTPD, each with a folder and port of its own.

They need Debian's dovecot-imapd and opensmtpd and the right to start them, which is root's; .ci/run has both. The
servers end with the block that started them. OpenSMTPD knows one spool only: on a machine whose own OpenSMTPD runs,
its tests fail instead of mixing with it, and tests that run at the same time take turns.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MAIL_USER = "mail"  # owns the mailboxes: Dovecot keeps none for root
PASSWORD = "only-for-tests"


@dataclass(frozen=True)
class ImapServer:
    """Where Dovecot answers. Any user name has an empty mailbox, and `password` opens it; there is no TLS."""

    host: str
    port: int
    password: str


@dataclass(frozen=True)
class SmtpServer:
    """Where OpenSMTPD answers, without sign-in or TLS, and where what it took lies, one file for each message."""

    host: str
    port: int
    maildir: Path

    def delivered(self) -> list[bytes]:
        """The messages taken so far, with the header lines that the server added."""
        return [path.read_bytes() for path in sorted(self.maildir.glob("new/*"))]


def missing_programs() -> list[str]:
    """The Debian packages that must be installed first."""
    found = {"dovecot-imapd": "/usr/sbin/dovecot", "opensmtpd": "/usr/sbin/smtpd"}
    return [package for package, program in found.items() if not Path(program).exists()]


@contextmanager
def dovecot() -> Iterator[ImapServer]:
    """A Dovecot of its own, empty at first."""
    with _folder() as folder:
        port, account = _free_port(), pwd.getpwnam(MAIL_USER)
        (folder / "mail").mkdir()
        os.chown(folder / "mail", account.pw_uid, account.pw_gid)
        config = folder / "dovecot.conf"
        config.write_text(
            f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={account.pw_uid} gid={account.pw_gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""
        )
        with _running(["/usr/sbin/dovecot", "-F", "-c", str(config)], port, folder / "log"):
            yield ImapServer("127.0.0.1", port, PASSWORD)


@contextmanager
def opensmtpd() -> Iterator[SmtpServer]:
    """An OpenSMTPD of its own that takes mail for any address and puts it into one maildir."""
    with _folder() as folder, Path("/tmp/ecuanime-tests-opensmtpd").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        port, account = _free_port(), pwd.getpwnam(MAIL_USER)
        maildir = folder / "taken"
        maildir.mkdir()
        os.chown(maildir, account.pw_uid, account.pw_gid)
        config = folder / "smtpd.conf"
        config.write_text(
            f"""
listen on 127.0.0.1 port {port}
table everybody {{ "@" = "{MAIL_USER}" }}
action "keep" maildir "{maildir}" virtual <everybody>
match from any for any action "keep"
"""
        )
        log = folder / "log"
        with _running(["/usr/sbin/smtpd", "-d", "-f", str(config)], port, log):
            yield SmtpServer("127.0.0.1", port, maildir)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ec-mail-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("ab") as stream:
        server = subprocess.Popen(command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)
    try:
        _wait_for(port, server, log)
        yield
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{server.args} does not answer:\n{log.read_text()}") from None
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
