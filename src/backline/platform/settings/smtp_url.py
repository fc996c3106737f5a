"""The address of a mail server as operators write it; talking to it is in `mail`."""

import re
from email.utils import parseaddr
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import msgspec

from backline.platform.settings.parsing import is_loopback

_PORTS: Final = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f<>]{1,64}@[A-Za-z0-9.-]{1,189}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_EXAMPLE = "smtp://user:password@mail.example.org:587?from=music@example.org"


class SmtpServer(msgspec.Struct, frozen=True):
    """A mail server. `tls`: from the first byte, by STARTTLS (and not without), or not at all."""

    host: str
    port: int
    tls: str
    username: str | None = None
    password: str | None = None
    sender_name: str = "Backline"
    sender_address: str | None = None

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, tls={self.tls!r})"


def smtp_url(given: str) -> SmtpServer:
    """`smtp://` or `smtps://`; what is wrong never quotes it, since it holds a password.

    `?from=Name <address>` says who the messages are from, `?starttls=off` lets them go in clear.
    A server on this machine needs no STARTTLS, any other does.
    """
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
        said = (
            dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
            if parts.query
            else {}
        )
    except ValueError:
        host, port, parts, said = None, None, SplitResult("", "", "", "", ""), {}
    if not host or parts.scheme not in _PORTS or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(f"isn't an address such as {_EXAMPLE}")
    unknown = sorted(said.keys() - {"from", "starttls"})
    if unknown:
        raise ValueError(f"has {unknown[0]!r} behind the question mark; it knows from and starttls")
    name, address = _sender(said.get("from"))
    return SmtpServer(
        host,
        port or _PORTS[parts.scheme],
        _tls(parts.scheme, host, said.get("starttls")),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        name,
        address,
    )


def _tls(scheme: str, host: str, starttls: str | None) -> str:
    if starttls not in (None, "required", "off"):
        raise ValueError("has another starttls than required or off")
    if scheme == "smtps":
        if starttls is not None:
            raise ValueError("has starttls, which smtps:// doesn't need")
        return "implicit"
    usual = "off" if is_loopback(host) else "required"
    return "off" if (starttls or usual) == "off" else "starttls"


def _sender(given: str | None) -> tuple[str, str | None]:
    if given is None:
        return "Backline", None
    name, address = parseaddr(given)
    if _CONTROLS.search(given) or not _ADDRESS.fullmatch(address):
        raise ValueError("has a from that isn't an e-mail address, or a name and one in <>")
    return name or "Backline", address
