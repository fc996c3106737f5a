"""One message to the mail server by SMTP (RFC 5321); what follows from its answer is in `jobs`."""

import asyncio
import contextlib
import re
import ssl

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from backline.platform.mail.envelope import Undeliverable, compose
from backline.platform.mail.outbox import OutboxRow
from backline.platform.mail.settings import Mail
from backline.platform.smtp_url import SmtpServer

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
        async with asyncio.timeout(_MESSAGE_S), _connected(mail, server) as client:
            await client.send_message(
                message,
                sender=mail.sender.addr_spec,
                recipients=[message["To"].addresses[0].addr_spec],
            )
    except Undeliverable as fault:
        raise Refused(str(fault)) from fault
    except ssl.SSLCertVerificationError as fault:
        raise Deferred(f"Its certificate isn't right: {fault.verify_message}.") from fault
    except (SMTPException, OSError, TimeoutError) as fault:
        raise _meaning(fault) from fault


class _connected:  # noqa: N801  # reads as what it is in an `async with`
    """A connection, ready for a message; the farewell doesn't matter any more."""

    def __init__(self, mail: Mail, server: SmtpServer) -> None:
        self._mail, self._server = mail, server
        self._client: SMTP | None = None

    async def __aenter__(self) -> SMTP:
        server = self._server
        # Reads the certificates of the system, or those of SSL_CERT_FILE.
        context = None
        if server.tls != "off":
            context = await asyncio.to_thread(ssl.create_default_context)
        self._client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            local_hostname=self._mail.host,
            timeout=_COMMAND_S,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            tls_context=context,
        )
        await self._client.connect()
        return self._client

    async def __aexit__(self, kind: object, fault: object, at: object) -> None:
        if self._client is not None and self._client.is_connected:
            if kind is None:
                with contextlib.suppress(SMTPException, OSError, TimeoutError):
                    await self._client.quit(timeout=2)
            self._client.close()


def _meaning(fault: BaseException) -> Refused | Deferred:
    """What a fault of the connection or an answer of the server means for the message."""
    if isinstance(fault, SMTPRecipientsRefused):
        fault = fault.recipients[0]
    if isinstance(fault, SMTPResponseException):
        said = f"The mail server said {fault.code} {_line(fault.message)}"
        return (Refused if fault.code >= _PERMANENT else Deferred)(said)
    if isinstance(fault, aiosmtplib.SMTPNotSupported):
        return Refused(
            f"The mail server can't do what is needed ({_line(str(fault))}). If it has no "
            "STARTTLS and stands in your own network, add ?starttls=off to BACKLINE_SMTP_URL."
        )
    if isinstance(fault, TimeoutError):
        return Deferred("The mail server didn't answer in time.")
    return Deferred(f"The mail server can't be reached: {_line(str(fault))}")


def _line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()[:300]
