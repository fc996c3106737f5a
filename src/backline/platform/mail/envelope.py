"""A row of the outbox as a message of RFC 5322: plain text, and the same as simple HTML."""

import html
import re
from datetime import UTC
from email.headerregistry import (
    Address,
    BaseHeader,
    HeaderRegistry,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any, ClassVar, Literal

from backline.platform.mail.addresses import host_of
from backline.platform.mail.outbox import OutboxRow
from backline.platform.mail.settings import Mail

_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_STYLE = "font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em"


class _UrlHeader(BaseHeader):
    """A header with a URL: on one line, since a folded one would be taken for encoded words."""

    max_count: ClassVar[Literal[1] | None] = 1

    @staticmethod
    def parse(value: str, kwds: dict[str, Any]) -> None:
        """As of any header without a form of its own."""
        UnstructuredHeader.parse(value, kwds)

    def fold(self, *, policy: Policy) -> str:
        """As it stands in the message."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _UrlHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class Undeliverable(Exception):
    """What stands in the row is no address that mail could be sent to."""


def recipient(address: str) -> Address:
    """An address as mail servers are told it: the name quoted where need be, the host in ASCII.

    Raises:
        Undeliverable: it has no form that a mail server would understand.
    """
    local, _, domain = address.rpartition("@")
    try:
        host = host_of(domain)
        if not local or not _DOMAIN.fullmatch(host):
            raise Undeliverable("This isn't an address that mail can be sent to.")
        return Address("", local, host)
    except (UnicodeError, ValueError, IndexError) as fault:
        raise Undeliverable("This isn't an address that mail can be sent to.") from fault


def compose(mail: Mail, row: OutboxRow) -> EmailMessage:
    """The message. Its Message-ID stays the same, so that one sent twice is shown once.

    Raises:
        Undeliverable: its address is none.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = recipient(row.recipient)
    message["Subject"] = row.subject
    message["Date"] = row.created_at.astimezone(UTC)
    message["Message-ID"] = f"<{row.id.hex}@{mail.sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if row.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{row.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(row.text)
    message.add_alternative(as_html(row.subject, row.text), subtype="html")
    return message


def as_html(subject: str, text: str) -> str:
    """The text's paragraphs, with links where it has addresses; nothing else is markup."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    paragraphs = "\n".join(f"<p>{_linked(block)}</p>" for block in blocks)
    title = html.escape(subject)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'</head>\n<body style="{_STYLE}">\n{paragraphs}\n</body></html>\n'
    )


def _linked(block: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(block):
        url = html.escape(found[0])
        parts += [html.escape(block[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    parts.append(html.escape(block[end:]))
    return "".join(parts).replace("\n", "<br>\n")
