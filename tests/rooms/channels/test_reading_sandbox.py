"""The processes that parse: poison costs a child, never the next mail; nothing of ours goes in with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecuanime.channels.email.reading import (
    DEFAULT,
    Limits,
    MailReader,
    ParsedMail,
    Refusal,
    Unreadable,
    read_mail,
)
from ecuanime.channels.email.reading.parse import parse
from ecuanime.channels.email.reading.sandbox import Allowance

GOOD = b"From: ana@example.com\r\nSubject: Hola\r\nMessage-ID: <1@x>\r\n\r\nBuenos dias\r\n"
NO_LIMITS = Limits(**dict.fromkeys(Limits.__dataclass_fields__, 10**9))

POISONED = """
import os, sys, time
from ecuanime.channels.email.reading import child
real = child.parse
def parse(raw):
    if b"X-Poison: sleep" in raw: time.sleep(60)
    if b"X-Poison: nap" in raw: time.sleep(1)
    if b"X-Poison: spin" in raw:
        while True: pass
    if b"X-Poison: memory" in raw: bytearray(8 << 30)
    if b"X-Poison: exit" in raw: os._exit(3)
    if b"X-Poison: segv" in raw: os.kill(os.getpid(), 11)
    if b"X-Poison: raise" in raw: raise LookupError("no such codec")
    if b"X-Poison: babble" in raw: os.write(1, b"\\xff" * 64); time.sleep(60)
    if b"X-Poison: secrets" in raw: raise LookupError(",".join(sorted(os.environ)))
    if b"X-Poison: modules" in raw: raise LookupError(",".join(m for m in sys.modules if m.startswith("django")))
    if b"X-Poison: once" in raw and not os.path.exists(raw.split()[-1]):
        open(raw.split()[-1], "w").close()
        os._exit(9)
    if b"X-Poison: stdlib" in raw:
        from email import message_from_bytes, policy
        raise LookupError(str(len(message_from_bytes(raw, policy=policy.default)["subject"])))
    if b"X-Poison: write" in raw: open(raw.split()[-1], "w").write("x" * 99999)
    return real(raw)
child.parse = parse
child.main(int(sys.argv[1]), int(sys.argv[2]))
"""


def _reader(seconds: float = 2.0, cpu_seconds: int = 20, processes: int = 1) -> MailReader:
    allowance = Allowance(seconds=seconds, cpu_seconds=cpu_seconds)
    command = [sys.executable, "-c", POISONED, str(allowance.memory_bytes), str(cpu_seconds)]
    return MailReader(allowance=allowance, processes=processes, command=command)


@pytest.fixture
def reader() -> Iterator[MailReader]:
    with MailReader() as reader:
        yield reader


def _good(reader: MailReader) -> None:
    result = reader.read(GOOD)
    assert isinstance(result, ParsedMail)
    assert result.body_text == "Buenos dias\n"


@pytest.mark.parametrize(
    ("poison", "code"),
    [
        ("sleep", "timeout"),
        ("memory", "memory"),
        ("exit", "crashed"),
        ("segv", "crashed"),
        ("raise", "failed"),
        ("babble", "crashed"),
    ],
)
def test_poison_between_two_good_mails(poison: str, code: str) -> None:
    with _reader() as reader:
        _good(reader)
        result = reader.read(b"X-Poison: " + poison.encode() + b"\r\n\r\nx")
        assert isinstance(result, Unreadable)
        assert result.code == code
        _good(reader)


def test_control_the_standard_library_breaks_on_the_bomb_and_the_sandbox_holds() -> None:
    """Without our own header reading the bomb would bite: this is what the processes are for."""
    with _reader(seconds=20) as reader:
        small = reader.read(b"X-Poison: stdlib\r\nSubject: =?utf-8?q?a?=\r\n\r\nx")
        assert small == Unreadable("failed", "LookupError: 1")
        bomb = b"X-Poison: stdlib\r\n" + BOMBS["encoded words"]
        result = reader.read(bomb, limits=NO_LIMITS)
        assert isinstance(result, Unreadable)
        assert result.code in ("memory", "timeout")
        _good(reader)


def test_a_child_killed_from_outside_while_busy_costs_the_mail_nothing(tmp_path: Path) -> None:
    with _reader() as reader:
        assert isinstance(reader.read(b"X-Poison: once\r\n\r\n" + bytes(tmp_path / "died")), ParsedMail)
        assert (tmp_path / "died").exists()


def test_a_busy_child_runs_out_of_processor_time() -> None:
    with _reader(seconds=30, cpu_seconds=1) as reader:
        start = time.monotonic()
        result = reader.read(b"X-Poison: spin\r\n\r\nx")
        assert isinstance(result, Unreadable)
        assert result.code == "timeout"
        assert "processor" in result.detail
        assert time.monotonic() - start < 15
        _good(reader)


def test_processor_time_is_counted_for_each_mail_alone() -> None:
    with _reader(cpu_seconds=1) as reader:
        big = GOOD + b"x" * 2_000_000
        before = None
        for _ in range(60):
            assert isinstance(reader.read(big), ParsedMail)
            assert before in (None, reader.idle_processes())
            before = reader.idle_processes()


def test_a_child_killed_while_idle_is_replaced_without_harm(reader: MailReader) -> None:
    _good(reader)
    (pid,) = reader.idle_processes()
    os.kill(pid, signal.SIGKILL)
    _good(reader)
    assert reader.idle_processes() != [pid]


def test_all_children_killed_while_idle_cost_the_next_mail_nothing() -> None:
    with _reader(seconds=20, processes=3) as reader, ThreadPoolExecutor(3) as threads:
        list(threads.map(reader.read, [b"X-Poison: nap\r\n\r\nx"] * 3))
        pids = reader.idle_processes()
        assert len(pids) == 3
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for _ in range(4):
            _good(reader)


def test_children_are_reused_and_ended_on_close(reader: MailReader) -> None:
    _good(reader)
    pids = reader.idle_processes()
    _good(reader)
    assert reader.idle_processes() == pids
    reader.close()
    assert not Path(f"/proc/{pids[0]}").exists()
    _good(reader)


def test_the_child_sees_no_secret_and_loads_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with _reader() as reader:
        seen = reader.read(b"X-Poison: secrets\r\n\r\nx")
        loaded = reader.read(b"X-Poison: modules\r\n\r\nx")
    assert isinstance(seen, Unreadable)
    assert "PYTHONPATH" in seen.detail
    assert "DATABASE_URL" not in seen.detail
    assert isinstance(loaded, Unreadable)
    assert loaded.detail == "LookupError: "


def test_the_child_can_write_no_file(tmp_path: Path) -> None:
    with _reader() as reader:
        result = reader.read(b"X-Poison: write\r\n\r\n" + bytes(tmp_path / "out"))
        assert isinstance(result, Unreadable)
        _good(reader)
    assert (tmp_path / "out").read_bytes() == b""


def test_a_refused_mail_never_reaches_a_child(reader: MailReader) -> None:
    assert isinstance(reader.read(b"To: " + b"a@b.example," * 10_000), Refusal)
    assert reader.idle_processes() == []


def test_what_comes_over_the_pipe_is_what_was_parsed(reader: MailReader) -> None:
    raw = (
        b"From: =?utf-8?q?A=C3=B1a?= <a@x.example>\r\nDate: Mon, 9 Nov 2026 10:00:00 +0100\r\nReturn-Path: <>\r\n"
        b"X-Failed-Recipients: b@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nhola \xf0\x9f\x98\x80\r\n--b\r\nContent-Type: image/png; name=a.png\r\n\r\n"
        + bytes(range(256)) * 9_000
        + b"\r\n--b\r\nContent-Type: application/zip\r\n\r\n\r\n--b--\r\n"
    )
    assert reader.read(raw) == parse(raw)


def test_threads_share_a_reader() -> None:
    mails = [b"Subject: %d\r\n\r\n%s" % (n, b"x" * (n * 997)) for n in range(80)]
    with MailReader(processes=2) as reader, ThreadPoolExecutor(8) as threads:
        results = list(threads.map(reader.read, mails))
        assert len(reader.idle_processes()) <= 2
    assert [one.subject for one in results if isinstance(one, ParsedMail)] == [str(n) for n in range(80)]


def test_one_slow_mail_does_not_hold_up_the_other_child() -> None:
    with _reader(seconds=5, processes=2) as reader:
        slow = threading.Thread(target=reader.read, args=(b"X-Poison: sleep\r\n\r\nx",))
        slow.start()
        start = time.monotonic()
        _good(reader)
        assert time.monotonic() - start < 3
        slow.join()


def test_a_fork_starts_children_of_its_own(reader: MailReader) -> None:
    _good(reader)
    pids = reader.idle_processes()
    pid = os.fork()
    if pid == 0:
        result = reader.read(GOOD)
        own = reader.idle_processes()
        reader.close()
        os._exit(0 if isinstance(result, ParsedMail) and own and own != pids else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    _good(reader)
    assert reader.idle_processes() == pids


def test_the_shared_reader_leaves_no_process_behind() -> None:
    script = (
        "from ecuanime.channels.email.reading import read_mail, sandbox\n"
        "print(read_mail(b'Subject: hola\\n\\nx').subject, sandbox._default.idle_processes()[0])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    subject, pid = done.stdout.split()
    assert subject == "hola"
    assert not Path(f"/proc/{pid}").exists()


BOMBS = {
    "encoded words": b"Subject: " + b"\r\n ".join([b"=?utf-8?q?a=C3=B1o?="] * 40_000) + b"\r\n\r\nx",
    "empty parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n\r\n" * 100_000,
    "parameters": b"Content-Type: text/plain" + b"; a=b" * 8_000 + b"\r\n\r\nx",
    "recipients": b"To: " + b", ".join([b"a@b.example"] * 10_000) + b"\r\n\r\nx",
    "comments": b"To: " + b"(" * 8_000 + b"a@b.example\r\n\r\nx",
    "nesting": b"Content-Type: multipart/mixed; boundary=b0\n\n"
    + b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(3_000)),
    "nested mails": b"Content-Type: message/rfc822\n\n" * 5_000,
    "one long line": b"Subject: x\r\n\r\n" + b"x" * 10_000_000,
    "attachments": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n" * 2_000,
    "quotes": b'Content-Type: text/plain; a="' + b'\\"' * 100_000 + b"\r\n\r\nx",
    "references": b"References: " + b"<a@b> " * 40_000 + b"\r\n\r\nx",
    "dashes": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"\n--b-" * 200_000,
    "thirty megabytes": b"Subject: x\r\n\r\n" + b"linea con \xf1 \r\n" * 2_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_bounded_even_without_the_limits(name: str, reader: MailReader) -> None:
    """What passes the raw bounds by mistake must still cost little; with the bounds on, the mail after it is read."""
    _good(reader)
    start = time.monotonic()
    assert isinstance(reader.read(BOMBS[name], limits=NO_LIMITS), ParsedMail)
    assert time.monotonic() - start < 12
    (pid,) = reader.idle_processes()
    status = Path(f"/proc/{pid}/status").read_text()
    peak = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    assert peak < 400 * 1024
    assert isinstance(reader.read(BOMBS[name], limits=DEFAULT), ParsedMail | Refusal)
    _good(reader)


def test_the_module_s_own_reader_reads() -> None:
    assert isinstance(read_mail(GOOD), ParsedMail)
    assert isinstance(read_mail(GOOD, limits=Limits(mail_bytes=5)), Refusal)
