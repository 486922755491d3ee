"""Fetching something from an address that a stranger chose, without letting them reach into our own network.

The name is resolved here, every address it has must be a public one, and the connection goes to the very address
that was checked, so that no second answer of the name server can lead elsewhere. Redirects are checked anew.
Origins that an administrator named as internal are the one exception, and only for who passes them.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

TIMEOUT = 5.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}

# What Python's own judgement lets pass in some version or other: shared space, protocol assignments, relays, and the
# IPv6 forms that carry an IPv4 address inside.
_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
    )
]


class NotFetched(Exception):
    """Why nothing was fetched, in a code for the log: it is the sender's address, not the reader's mistake."""


@dataclass(frozen=True)
class Question:
    """What is asked of a server, beside its address: the method, the headers and the body.

    `context` encrypts in another way than the usual one: with a certificate of ours, say. `seconds` is for all of it.
    """

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    context: ssl.SSLContext | None = None
    seconds: float = TIMEOUT


_PICTURE = Question(headers={"Accept": "image/*"})


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet and to nothing of ours."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found in network for network in _REFUSED if network.version == found.version)


def fetch(url: str) -> bytes:
    """The bytes behind a public http or https address, at most 5 MiB within 5 s. Raises `NotFetched`.

    Sends neither cookies nor where we come from. The name's resolution is bounded by the system's resolver.
    """
    ends_at = time.monotonic() + TIMEOUT
    for _hop in range(MOST_REDIRECTS + 1):
        status, location, body = _asked(url, _PICTURE, ends_at)
        if status in _REDIRECTS and location:
            url = urljoin(url, location)
        elif status == 200:
            return body
        else:
            raise NotFetched(f"status_{status}")
    raise NotFetched("too_many_redirects")


def ask(url: str, question: Question, *, internal: frozenset[str] = frozenset()) -> tuple[int, bytes]:
    """Status and body of one request, with the limits of `fetch`; a redirect is an answer like any other.

    The origins in `internal` are reached wherever they lie, on their own port; everything else must be public and
    encrypted. Raises `NotFetched`.
    """
    if urlsplit(url).scheme != "https" and origin_of(url) not in internal:
        raise NotFetched("not_encrypted")
    status, _location, body = _asked(url, question, time.monotonic() + question.seconds, internal)
    return status, body


def origin_of(url: str) -> str:
    """Scheme, host and port of an address in one form, as in `https://id.example:443`. Raises `NotFetched`."""
    place = _split(url)
    host = f"[{place.hostname}]" if ":" in (place.hostname or "") else place.hostname
    return f"{place.scheme}://{host}:{place.port or PORTS[place.scheme]}"


def _asked(
    url: str, question: Question, ends_at: float, internal: frozenset[str] = frozenset()
) -> tuple[int, str, bytes]:
    place = _split(url)
    if origin_of(url) in internal:
        return _answer(place, place.hostname or "", question, ends_at)
    if place.port not in (None, PORTS[place.scheme]):
        raise NotFetched("bad_address")
    return _answer(place, _public_address(place), question, ends_at)


def _split(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError as error:
        raise NotFetched("bad_address") from error
    if place.scheme not in PORTS or not place.hostname or place.username or place.password or port == 0:
        raise NotFetched("bad_address")
    if any(ord(char) <= 32 or ord(char) > 126 for char in url):
        raise NotFetched("bad_address")
    return place


def _public_address(place: SplitResult) -> str:
    """One address of the name, after all of them were found to be public."""
    try:
        found = socket.getaddrinfo(place.hostname, PORTS[place.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("unknown_name") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise NotFetched("not_public")
    return addresses[0]


def _answer(place: SplitResult, address: str, question: Question, ends_at: float) -> tuple[int, str, bytes]:
    """Status, Location and body of one request to the checked address. A watchdog ends it however slowly it drips."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise NotFetched("too_slow")
    try:
        connection = _connect(place, address, left, question.context)
    except OSError as error:
        raise NotFetched("no_connection") from error
    watchdog = threading.Timer(max(0.0, ends_at - time.monotonic()), _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        headers = {"User-Agent": "Ecuanime", "Accept-Encoding": "identity"} | dict(question.headers)
        connection.request(question.method, target, question.body, headers)
        response = connection.getresponse()
        body = response.read(MOST_BYTES + 1)
        location = response.headers.get("Location", "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched("no_answer") from error
    finally:
        watchdog.cancel()
        connection.close()
    if time.monotonic() >= ends_at:
        raise NotFetched("too_slow")
    if len(body) > MOST_BYTES:
        raise NotFetched("too_large")
    return response.status, location, body


def _connect(
    place: SplitResult, address: str, timeout: float, context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    """A connection for the name, made to the address that was checked."""
    assert place.hostname
    port = place.port or PORTS[place.scheme]
    raw = socket.create_connection((address, port), timeout=timeout)
    if place.scheme == "https":
        try:
            safe = context or ssl.create_default_context()
            raw = safe.wrap_socket(raw, server_hostname=place.hostname)
        except BaseException:
            raw.close()
            raise
    # The scheme's plain class serves for both: it is given a socket that is already connected, and encrypted.
    connection = http.client.HTTPConnection(place.hostname, port, timeout=timeout)
    connection.sock = raw
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
