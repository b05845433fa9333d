"""Real servers on loopback for what leaves the house: one that takes e-mail, and one that takes text messages."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal import settings


@dataclass
class MailServer:
    """What it took; `answers` are said to the next messages instead of taking them."""

    port: int = 0
    slow: float = 0
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd asks for these names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content
        assert content is not None
        await asyncio.sleep(self.slow)
        self.taken.append((list(envelope.rcpt_tos), BytesParser(EmailMessage, policy=default).parsebytes(content)))
        return "250 OK"


@contextlib.asynccontextmanager
async def mail(
    slow: float = 0, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """A mail server, until the block is left; each message takes it so many seconds."""
    taking = MailServer(slow=slow)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taking, tls_context=starttls), "127.0.0.1", 0, ssl=tls)
    taking.port = server.sockets[0].getsockname()[1]
    try:
        yield taking
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Gateway:
    """What was posted to it, headers and body; `answers` are the next statuses, 200 where there is none."""

    port: int = 0
    taken: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        status = self.answers.pop(0) if self.answers else 200
        if 200 <= status < 300:
            self.taken.append((headers, body))
        head = f"HTTP/1.1 {status} -\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    """A gateway for text messages, until the block is left."""
    taking = Gateway()
    server = await asyncio.start_server(taking.serve, "127.0.0.1", 0)
    taking.port = server.sockets[0].getsockname()[1]
    try:
        yield taking
    finally:
        server.close()
        await server.wait_closed()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody has signed: what a server shows, and what a client must know to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    shown = made.public_bytes(serialization.Encoding.PEM)
    own = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(own + shown)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cadata=shown.decode())


def use(
    monkeypatch: pytest.MonkeyPatch, *, mail: MailServer | None = None, texts: Gateway | None = None, starttls: bool = False,
    tls: bool = False,
) -> None:  # fmt: skip
    """Send by these servers from here on."""
    usual = settings.current()
    smtp = settings.Smtp("127.0.0.1", mail.port, "", "", tls=tls, starttls=starttls) if mail else None
    url = f"http://127.0.0.1:{texts.port}/send" if texts else ""
    chosen = replace(usual, smtp=smtp, mail_from="海湾酒店 <care@bay.example>", sms_url=url, sms_key="the key")
    monkeypatch.setattr(settings, "current", lambda: chosen)
