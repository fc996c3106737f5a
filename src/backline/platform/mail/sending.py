"""One message to the mail server by SMTP (RFC 5321); what follows from its answer is in `jobs`."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from backline.platform.mail.envelope import Undeliverable, compose
from backline.platform.mail.outbox import OutboxRow
from backline.platform.mail.settings import Mail
from backline.platform.settings.smtp_url import SmtpServer

_COMMAND_S = 20.0
_MESSAGE_S = 60.0
_PERMANENT = 500
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


class Refused(Exception):
    """The mail server won't ever take this message as it is, or may not be trusted with it."""


class Deferred(Exception):
    """It didn't work this time: nobody answered, or the mail server asked to come again."""


async def send(mail: Mail, server: SmtpServer, row: OutboxRow) -> None:
    """Hand one message over. Returns once the mail server has said that it has it.

    Raises:
        Refused: an answer of 5xx, no STARTTLS where it is required, or no address.
        Deferred: an answer of 4xx, no answer in time, or a lost connection.
    """
    try:
        message = compose(mail, row)
    except Undeliverable as fault:
        raise Refused(str(fault)) from fault
    async with _meanings(), _connected(mail, server) as client:
        await client.send_message(
            message,
            sender=mail.sender.addr_spec,
            recipients=[message["To"].addresses[0].addr_spec],
        )


async def knock(mail: Mail, server: SmtpServer) -> None:
    """See whether the mail server lets us in, without a message.

    Raises:
        Refused, Deferred: as `send`.
    """
    async with _meanings(), _connected(mail, server) as client:
        await client.ehlo()


@asynccontextmanager
async def _meanings() -> AsyncGenerator[None]:
    """Whatever goes wrong within is told as what it means for the message."""
    try:
        async with asyncio.timeout(_MESSAGE_S):
            yield
    except ssl.SSLCertVerificationError as fault:
        raise Deferred(f"Its certificate isn't right: {fault.verify_message}.") from fault
    except (SMTPException, OSError, TimeoutError) as fault:
        raise _meaning(fault) from fault


@asynccontextmanager
async def _connected(mail: Mail, server: SmtpServer) -> AsyncGenerator[SMTP]:
    """A connection that is ready for a message.

    Raises:
        Refused: the server offers no STARTTLS where it is required.
    """
    # Reads the certificates of the system, or those of SSL_CERT_FILE.
    encrypts = server.tls != "off"
    context = await asyncio.to_thread(ssl.create_default_context) if encrypts else None
    client = SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=mail.host,
        timeout=_COMMAND_S,
        use_tls=server.tls == "implicit",
        start_tls=False,
        tls_context=context,
    )
    try:
        await client.connect()
        if server.tls == "starttls":
            await client.ehlo()
            if not client.supports_extension("starttls"):
                raise Refused(
                    "The mail server offers no STARTTLS, and nothing is sent in clear. If it "
                    "stands in your own network, add ?starttls=off to BACKLINE_SMTP_URL."
                )
            await client.starttls()
        if server.username is not None:
            await client.login(server.username, server.password or "")
        yield client
        with contextlib.suppress(SMTPException, OSError, TimeoutError):
            await client.quit(timeout=2)  # it has the message: a cool farewell changes nothing
    finally:
        client.close()


def _meaning(fault: BaseException) -> Refused | Deferred:
    """What a fault of the connection or an answer of the server means for the message."""
    if isinstance(fault, SMTPRecipientsRefused):
        fault = fault.recipients[0]
    if isinstance(fault, SMTPResponseException):
        said = f"The mail server said {fault.code} {_line(fault.message)}"
        return (Refused if fault.code >= _PERMANENT else Deferred)(said)
    if isinstance(fault, aiosmtplib.SMTPNotSupported):
        return Refused(f"The mail server can't do what is needed: {_line(str(fault))}")
    if isinstance(fault, TimeoutError):
        return Deferred("The mail server didn't answer in time.")
    return Deferred(f"The mail server can't be reached: {_line(str(fault))}")


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())[:300]
