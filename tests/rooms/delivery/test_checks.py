"""The connection test names the step that fails."""

from __future__ import annotations

import socket

import pytest

from ecuanime.delivery.checks import CheckLine, check_smtp
from ecuanime.delivery.models import Security
from tests.rooms.delivery.conftest import MakeCertificate, PostOffice, only_irene, running


def check(port: int, **fields: str) -> list[CheckLine]:
    values = {"host": "localhost", "security": Security.NONE, "username": "", "password": ""}
    return check_smtp(port=port, sender="soporte@nodoalisio.example", **(values | fields))


def codes(lines: list[CheckLine]) -> list[str]:
    assert all(line.ok for line in lines[:-1]), "it stops at the first failure"
    return [line.code for line in lines]


def test_a_server_on_this_machine_is_well_and_gets_no_mail(post_office: PostOffice) -> None:
    assert codes(check(post_office.port)) == ["resolve.ok", "connect.ok", "sender.ok"]
    assert post_office.arrived == []


def test_a_name_nobody_knows() -> None:
    assert codes(check(25, host="correo.invalid")) == ["resolve.unknown"]
    assert codes(check(25, host="")) == ["resolve.unknown"]


def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        lines = check(taken.getsockname()[1], host="127.0.0.1")
    assert codes(lines) == ["resolve.ok", "connect.refused"]


def test_no_unencrypted_way_out_of_this_machine() -> None:
    assert codes(check(25, host="192.0.2.1")) == ["resolve.ok", "encryption.required"]


def test_a_sender_the_server_does_not_know(post_office: PostOffice) -> None:
    post_office.to_sender = "553 5.7.1 not yours"
    lines = check(post_office.port)
    assert codes(lines)[-1] == "sender.refused"
    assert lines[-1].detail == "553 5.7.1 not yours"


def test_starttls_that_is_not_offered(post_office: PostOffice) -> None:
    assert codes(check(post_office.port, security=Security.STARTTLS))[-1] == "encryption.not_offered"


def test_tls_on_a_port_that_begins_in_the_clear(post_office: PostOffice) -> None:
    assert codes(check(post_office.port, security=Security.TLS))[-1] == "encryption.wrong_mode"


def test_a_sign_in_that_is_not_offered(post_office: PostOffice) -> None:
    assert codes(check(post_office.port, username="irene", password="x"))[-1] == "login.not_offered"


@pytest.mark.parametrize(
    ("made", "host", "expected"),
    [
        ({}, "localhost", "sender.ok"),
        ({"days": -1}, "localhost", "certificate.expired"),
        ({"name": "otro.example"}, "localhost", "certificate.other_name"),
        ({"trusted": False}, "localhost", "certificate.self_signed"),
    ],
)
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_certificates(
    certificate: MakeCertificate, made: dict[str, object], host: str, expected: str, security: str
) -> None:
    office, context = PostOffice(), certificate(**made)
    kind = {"ssl_context": context} if security == Security.TLS else {"tls_context": context}
    with running(office, **kind):
        assert codes(check(office.port, host=host, security=security))[-1] == expected


@pytest.mark.parametrize(("password", "expected"), [("abracadabra", "sender.ok"), ("otra", "login.refused")])
def test_user_name_and_password(certificate: MakeCertificate, password: str, expected: str) -> None:
    office, context = PostOffice(), certificate()
    with running(office, tls_context=context, authenticator=only_irene, auth_required=True):
        lines = check(office.port, security=Security.STARTTLS, username="irene", password=password)
        assert codes(lines)[-1] == expected
        assert not any(password in line.text + line.detail for line in lines)
        assert codes(check(office.port, security=Security.STARTTLS))[-1] == "login.needed"
