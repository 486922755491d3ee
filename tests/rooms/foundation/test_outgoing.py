"""Fetching from addresses strangers chose: never from our own network, never for ever, never without end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ecuanime.foundation import outgoing
from ecuanime.foundation.outgoing import NotFetched, fetch, is_public

PRIVATE = """
    127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.255 0.0.0.0 192.0.0.8
    198.18.0.1 192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 203.0.113.5
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1
    2002:7f00:1:: 2002:808:808:: 2001::1 fe80::1 fe80::1%eth0 fc00::1 fd00::1 fec0::1 ff02::1 100::1 2001:db8::1
    nonsense 127.1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_what_is_not_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_what_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/a",
        "file:///etc/passwd",
        "//x.example/a",
        "http://",
        "http://x.example:8080/a",
        "https://x.example:80/",
        "http://user@x.example/",
        "http://x.example/a b",
        "http://x.example/a\r\nHost: y",
        "http://[::1",
        "http://x.example:99999/",
        "http://ñ.example/",
    ],
)
def test_addresses_that_are_not_asked_for(url: str) -> None:
    with pytest.raises(NotFetched, match="bad_address"):
        fetch(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://0x7f.1/"])
def test_our_own_network_is_not_reached(url: str) -> None:
    with pytest.raises(NotFetched, match=r"not_public|unknown_name"):
        fetch(url)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", _answers("8.8.8.8", "10.0.0.1"))
    monkeypatch.setattr(outgoing.socket, "create_connection", _never)
    with pytest.raises(NotFetched, match="not_public"):
        fetch("http://x.example/")


def test_it_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with _serving(monkeypatch, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\npng") as asked:
        assert fetch("http://x.example/a?b=1") == b"png"
    assert asked[0].startswith(b"GET /a?b=1 HTTP/1.1\r\nHost: x.example\r\n")
    assert b"Cookie" not in asked[0]
    assert b"Referer" not in asked[0]


def test_a_redirect_is_checked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"
    with _serving(monkeypatch, answer) as asked, pytest.raises(NotFetched, match="not_public"):
        fetch("http://x.example/")
    assert len(asked) == 1


def test_redirects_end(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
    with _serving(monkeypatch, answer) as asked, pytest.raises(NotFetched, match="too_many_redirects"):
        fetch("http://x.example/")
    assert len(asked) == outgoing.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status_404"),
        (b"nonsense\r\n\r\n", "no_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", "too_large"),
    ],
)
def test_other_answers(monkeypatch: pytest.MonkeyPatch, answer: bytes, code: str) -> None:
    monkeypatch.setattr(outgoing, "MOST_BYTES", 8)
    with _serving(monkeypatch, answer), pytest.raises(NotFetched, match=code):
        fetch("http://x.example/")


def test_who_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.6)
    drip = [b"HTTP/1.1 200 OK\r\nX: ", *[b"a"] * 100]
    begun = time.monotonic()
    with _serving(monkeypatch, drip), pytest.raises(NotFetched, match=r"no_answer|too_slow"):
        fetch("http://x.example/")
    assert time.monotonic() - begun < 3


def _answers(*addresses: str) -> Callable[..., list[tuple[Any, ...]]]:
    return lambda *_args, **_more: [(socket.AF_INET, 1, 6, "", (address, 80)) for address in addresses]


def _never(*_args: object, **_more: object) -> socket.socket:
    raise AssertionError("no connection was to be made")


@contextmanager
def _serving(monkeypatch: pytest.MonkeyPatch, answer: bytes | list[bytes]) -> Iterator[list[bytes]]:
    """A server on loopback that plays the public address 93.184.216.34 of x.example, and what it was asked."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))
    real_connection, real_names = socket.create_connection, socket.getaddrinfo
    ends = threading.Event()

    def connected(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address == ("93.184.216.34", 80)
        return real_connection(listening.getsockname(), timeout=timeout)

    def named(host: str, *args: Any, **more: Any) -> Any:
        return _answers("93.184.216.34")() if host == "x.example" else real_names(host, *args, **more)

    def serve() -> None:
        while not ends.is_set():
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            with peer:
                asked.append(peer.recv(4096))
                for part in [answer] if isinstance(answer, bytes) else answer:
                    try:
                        peer.sendall(part)
                    except OSError:
                        break
                    if isinstance(answer, list):
                        time.sleep(0.05)

    monkeypatch.setattr(outgoing.socket, "create_connection", connected)
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", named)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        ends.set()
        listening.close()
        monkeypatch.undo()
