"""Fetching something from an address that a stranger chose, without letting them reach into our own network.

The name is resolved here, every address it has must be a public one, and the connection goes to the very address
that was checked, so that no second answer of the name server can lead elsewhere. Redirects are checked anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
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
        place = _checked(url)
        address = _public_address(place)
        status, location, body = _get(place, address, ends_at)
        if status in _REDIRECTS and location:
            url = urljoin(url, location)
        elif status == 200:
            return body
        else:
            raise NotFetched(f"status_{status}")
    raise NotFetched("too_many_redirects")


def _checked(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError as error:
        raise NotFetched("bad_address") from error
    if place.scheme not in PORTS or not place.hostname or place.username or place.password:
        raise NotFetched("bad_address")
    if port not in (None, PORTS[place.scheme]) or any(ord(char) <= 32 or ord(char) > 126 for char in url):
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


def _get(place: SplitResult, address: str, ends_at: float) -> tuple[int, str, bytes]:
    """Status, Location and body of one request to the checked address. A watchdog ends it however slowly it drips."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise NotFetched("too_slow")
    try:
        connection = _connect(place, address, left)
    except OSError as error:
        raise NotFetched("no_connection") from error
    watchdog = threading.Timer(max(0.0, ends_at - time.monotonic()), _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        headers = {"User-Agent": "Ecuanime", "Accept": "image/*", "Accept-Encoding": "identity"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        body = response.read(MOST_BYTES + 1) if response.status == 200 else b""
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


def _connect(place: SplitResult, address: str, timeout: float) -> http.client.HTTPConnection:
    """A connection for the name, made to the address that was checked."""
    assert place.hostname
    raw = socket.create_connection((address, PORTS[place.scheme]), timeout=timeout)
    if place.scheme == "https":
        try:
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=place.hostname)
        except BaseException:
            raw.close()
            raise
    # The scheme's plain class serves for both: it is given a socket that is already connected, and encrypted.
    connection = http.client.HTTPConnection(place.hostname, PORTS[place.scheme], timeout=timeout)
    connection.sock = raw
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
