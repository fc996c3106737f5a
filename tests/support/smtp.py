"""A mail server that speaks SMTP as real ones do, with the faults that real ones have."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.waiting import until


class MailServer:
    """Where it listens, what it was given, and what it says next: 250 unless told otherwise."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[list[str]] = []
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        self.connections = 0
        self.on_recipient: list[str] = []
        self.on_data: list[str] = []
        self.on_starttls = ""
        self.hangs = False
        self.open: set[asyncio.BaseTransport] = set()
        self._ended = asyncio.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=Backline <music@example.org>"

    async def message(self, count: int = 1) -> EmailMessage:
        """The latest, once there are so many."""
        await until(lambda: len(self.received) >= count)
        return self.received[-1]

    async def handle_EHLO(  # noqa: N802  # as the library calls it
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        if self.hangs:
            await self._ended.wait()
        return lines

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        said = self.on_recipient.pop(0) if self.on_recipient else "250 OK"
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        said = self.on_data.pop(0) if self.on_data else "250 OK"
        if said.startswith("250"):
            content = cast("bytes", envelope.content)
            self.received.append(cast("EmailMessage", message_from_bytes(content, policy=default)))
            self.senders.append(str(envelope.mail_from))
            self.recipients.append([str(one) for one in envelope.rcpt_tos])
            self.encrypted.append(session.ssl is not None)
        return said

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        given = cast("LoginPassword", data)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"right", handled=False)

    def end(self) -> None:
        self._ended.set()


class _Connection(SMTP):
    """One that can refuse to begin with TLS although it offers it, and that can be ended."""

    _kept: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._kept is None:  # TLS makes another within the first
            self._kept = transport
            self._stand_in.open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self._kept is not None:
            self._stand_in.open.discard(self._kept)

    @property
    def _stand_in(self) -> MailServer:
        return cast("MailServer", self.event_handler)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        said = self._stand_in.on_starttls
        if said:
            await self.push(said)
        else:
            await super().smtp_STARTTLS(arg)


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None) -> AsyncGenerator[MailServer]:
    """A mail server on a free port of this machine; with `tls` it offers STARTTLS."""
    stand_in = MailServer()
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        return _Connection(
            stand_in,
            hostname="mail.example.org",
            tls_context=tls,
            authenticator=stand_in.authenticate,
            auth_require_tls=tls is not None,
            enable_SMTPUTF8=True,
            loop=loop,
        )

    server = await loop.create_server(connection, "127.0.0.1", 0)
    stand_in.port = server.sockets[0].getsockname()[1]
    try:
        yield stand_in
    finally:
        stand_in.end()
        server.close()
        for transport in tuple(stand_in.open):
            cast("asyncio.Transport", transport).abort()
        await until(lambda: not stand_in.open)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for this machine, and the file with the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.pem", folder / "mail.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
