"""A real SMTP server on loopback whose refusals a test chooses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ecuanime.delivery.models import Mailbox, Security
from tests.factories import make_mailbox


@dataclass
class PostOffice:
    """What arrived, and what the server says to whom: answers by address, to MAIL, and to the content."""

    answers: dict[str, str] = field(default_factory=dict)
    to_sender: str = ""
    to_content: str = ""
    drops_after_content: bool = False
    arrived: list[tuple[list[str], bytes]] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if self.to_content:
            return self.to_content
        self.arrived.append((list(envelope.rcpt_tos), envelope.content))
        if self.drops_after_content:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 taken"

    def mail(self, index: int = -1) -> EmailMessage:
        """An arrived mail, read by the standard library."""
        message = message_from_bytes(self.arrived[index][1], policy=default)
        assert isinstance(message, EmailMessage)
        return message


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A server without encryption or sign-in."""
    office = PostOffice()
    with running(office):
        yield office


@contextmanager
def running(office: PostOffice, **settings: Any) -> Iterator[PostOffice]:
    """A server on a free port of loopback, which is written on the office."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office.port = probe.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **settings)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def mailbox(post_office: PostOffice) -> Mailbox:
    """The firm's mailbox, sending through the post office."""
    return make_mailbox(
        captures=False,
        display_name="Soporte",
        smtp_host="127.0.0.1",
        smtp_port=post_office.port,
        smtp_security=Security.NONE,
    )


MakeCertificate = Callable[..., SSLContext]


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCertificate:
    """Makes a server's TLS context; `trusted` puts its certificate where the product looks for authorities."""

    def make(*, name: str = "localhost", days: int = 30, trusted: bool = True) -> SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        names = [x509.DNSName(name)] + (
            [x509.IPAddress(ip_address("127.0.0.1"))] if name == "localhost" else []
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(who)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=90))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = tmp_path / "server.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = made.public_bytes(serialization.Encoding.PEM)
        pem.write_bytes(secret + public)
        authorities = tmp_path / "authorities.pem"
        authorities.write_bytes(public if trusted else b"")
        monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    return make


def only_irene(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    """Signs one account in."""
    known = (getattr(data, "login", b""), getattr(data, "password", b"")) == (b"irene", b"abracadabra")
    return AuthResult(success=known, handled=False)
