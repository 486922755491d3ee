"""Asking an address of our own network: every kind of address, on every way that leads to it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from ecuanime.foundation import outgoing
from ecuanime.foundation.outgoing import NotFetched, Question, ask, fetch

PUBLIC = "93.184.216.34"
OURS = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "fd00::1", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::",
)  # fmt: skip
Connected = list[str]


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def directly(address: str) -> None:
    fetch(f"http://{_host(address)}/")


def by_name(address: str) -> None:
    fetch("http://inside.example/")


def by_one_of_two_answers(address: str) -> None:
    fetch("http://both.example/")


def by_a_redirect(address: str) -> None:
    fetch("http://leads.example/")


def by_a_redirect_to_a_name(address: str) -> None:
    fetch("http://leads-by-name.example/")


def as_a_provider(address: str) -> None:
    ask(
        f"https://{_host(address)}/token",
        Question("POST", body=b"x"),
        internal=frozenset({"https://id.intranet:443"}),
    )


WAYS = (directly, by_name, by_one_of_two_answers, by_a_redirect, by_a_redirect_to_a_name, as_a_provider)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Connected]:
    """A network of names and one public server that redirects; the list tells where connections were made to."""

    def with_inside(inside: str) -> Connected:
        connected: Connected = []
        names = {
            "inside.example": [inside],
            "both.example": [PUBLIC, inside],
            "leads.example": [PUBLIC],
            "leads-by-name.example": [PUBLIC],
            inside: [inside],
        }

        def named(host: str, *_args: object, **_more: object) -> list[Any]:
            return [(socket.AF_INET, 1, 6, "", (address, 80)) for address in names[host]]

        def answered(place: Any, address: str, *_rest: object) -> tuple[int, str, bytes]:
            connected.append(address)
            leads = {
                "leads.example": f"http://{_host(inside)}/",
                "leads-by-name.example": "http://inside.example/",
            }
            return (302, leads[place.hostname], b"") if place.hostname in leads else (200, "", b"secret")

        monkeypatch.setattr(outgoing.socket, "getaddrinfo", named)
        monkeypatch.setattr(outgoing, "_answer", answered)
        return connected

    return with_inside


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", OURS)
def test_no_way_leads_to_an_address_of_ours(
    network: Callable[[str], Connected], way: Callable[[str], None], address: str
) -> None:
    connected = network(address)
    with pytest.raises(NotFetched, match="not_public"):
        way(address)
    assert set(connected) <= {PUBLIC}


@pytest.mark.parametrize("way", [way for way in WAYS if way is not by_one_of_two_answers])
def test_control_without_the_judgement_each_way_leads_there(
    network: Callable[[str], Connected], way: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = network("127.0.0.1")
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
    way("127.0.0.1")
    assert connected[-1] == "127.0.0.1"


def test_a_second_answer_of_the_name_server_is_never_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is public when it is judged and ours a moment later; the connection goes where was judged."""
    answers = iter([PUBLIC, "127.0.0.1", "127.0.0.1"])
    made: list[Any] = []

    def named(*_args: object, **_more: object) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (next(answers), 80))]

    def connected(place: Any, timeout: float) -> socket.socket:
        made.append(place)
        raise OSError

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", named)
    monkeypatch.setattr(outgoing.socket, "create_connection", connected)
    with pytest.raises(NotFetched, match="no_connection"):
        fetch("http://turns.example/")
    assert made == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "url", ["http://x@127.0.0.1/", "http://8.8.8.8@127.0.0.1/", "http://127.0.0.1#@8.8.8.8/"]
)
def test_what_stands_before_an_at_sign_deceives_nobody(url: str) -> None:
    with pytest.raises(NotFetched, match=r"bad_address|not_public"):
        fetch(url)
