"""Readers of options' texts: each gives a value or raises ValueError with what is wrong.

The message continues the option's name, as in "BACKLINE_PORT isn't a port …".
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Parse = Callable[[str], Any]

_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,1000}")
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_HIGHEST_PORT = 65_535


def text(given: str) -> str:
    """Any text without control characters."""
    if not given.isprintable():
        raise ValueError("holds a control character")
    return given


def name(given: str) -> str:
    """An id that stands in addresses: letters, digits, and `-` and `_` between them."""
    if not _NAME.fullmatch(given):
        raise ValueError("isn't an id of letters and digits")
    return given


def token(given: str) -> str:
    """A secret that stands in a header: one word."""
    if not _TOKEN.fullmatch(given):
        raise ValueError("isn't a token: it is one word of plain characters")
    return given


def path(given: str) -> Path:
    """A path, made absolute; `~` is the home folder."""
    return Path(text(given)).expanduser().absolute()


def folders(given: str) -> tuple[Path, ...]:
    """Folders with commas between them; never the whole machine."""
    found = tuple(path(part.strip()) for part in given.split(",") if part.strip())
    for folder in found:
        if folder == Path(folder.anchor):
            raise ValueError("would open the whole machine: name the folder that the files are in")
    return found


def port(given: str) -> int:
    """A port from 1 to 65535."""
    if re.fullmatch(r"[a-z]+://\S*", given):
        raise ValueError(
            f"is {given!r}: that is what Kubernetes sets for a service named “backline”, not a "
            "port. Set `enableServiceLinks: false` in the pod, or name the service otherwise"
        )
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= _HIGHEST_PORT:
        raise ValueError(f"isn't a port from 1 to {_HIGHEST_PORT}: {given!r}")
    return int(given)


def port_or_off(given: str) -> int:
    """A port, or 0."""
    return 0 if given == "0" else port(given)


def between(lowest: int, highest: int) -> Parse:
    """Whole numbers from `lowest` to `highest`."""

    def number(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", given) or not lowest <= int(given) <= highest:
            raise ValueError(f"isn't a whole number from {lowest:,} to {highest:,}: {given!r}")
        return int(given)

    return number


def size(given: str) -> int:
    """Bytes, as a number with an optional K, M, G or T (powers of 1024)."""
    found = re.fullmatch(r"([0-9]{1,15})\s*([KMGT]?)(?:i?B)?", given.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"isn't a size such as 500M or 2G: {given!r}")
    return int(found[1]) * _UNITS[found[2].upper()]


def one_of(*choices: str) -> Parse:
    """One of a few words, in any case."""

    def choice(given: str) -> str:
        if given.lower() not in choices:
            raise ValueError(f"is none of {', '.join(choices)}: {given!r}")
        return given.lower()

    return choice


def host(given: str) -> str:
    """A name or an address, without a port."""
    bare = given.strip().lower().removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        if _HOST.fullmatch(bare):
            return bare
    raise ValueError(f"isn't a host's name or address: {given!r}")


def hosts(given: str) -> tuple[str, ...]:
    """Hosts with commas between them."""
    return tuple(host(part) for part in _parts(given))


def url(given: str) -> str:
    """An http or https address without query or fragment; no slash at its end."""
    parts = urlsplit(given.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port(parts.netloc):
        raise ValueError(f"isn't an address such as https://music.example.org: {given!r}")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"has more than a scheme, a host, a port and a path: {given!r}")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def secret_url(given: str) -> str:
    """As `url`. What is wrong never quotes it: its path may be a password."""
    try:
        return url(given)
    except ValueError:
        raise ValueError("isn't an address of a scheme, a host, a port and a path") from None


def origins(given: str) -> tuple[str, ...]:
    """Origins (`https://host[:port]`) with commas between them."""
    found = tuple(url(part) for part in _parts(given))
    for one in found:
        if urlsplit(one).path:
            raise ValueError(f"has an origin with a path: {one!r}")
    return found


def database_url(given: str) -> str:
    """A `postgresql://` address. What is wrong never quotes it, since it holds a password."""
    try:
        parts = urlsplit(given)
        fits = parts.scheme in ("postgresql", "postgres") and _has_port(parts.netloc)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("isn't an address such as postgresql://user:password@host:5432/name")
    return given


def database_urls(given: str) -> tuple[str, ...]:
    """Several of them, with commas between."""
    return tuple(database_url(part) for part in _parts(given))


def redis_url(given: str) -> str:
    """A `redis://`, `rediss://` or `unix://` address. What is wrong never quotes it."""
    try:
        parts = urlsplit(given)
        fits = parts.scheme in ("redis", "rediss") and bool(parts.hostname)
        fits = (fits and _has_port(parts.netloc)) or (parts.scheme == "unix" and bool(parts.path))
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("isn't an address such as redis://user:password@host:6379/0")
    return given


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def quotas(given: str) -> tuple[str, ...]:
    """`name=number` with commas between them."""
    found = tuple(_parts(given))
    for one in found:
        if not re.fullmatch(r"[a-z-]{1,40}=[1-9][0-9]{0,8}", one):
            raise ValueError(f"isn't a list such as register=100,uploads=5000: {one!r}")
    return found


def networks(given: str) -> tuple[str, ...]:
    """Addresses and networks (`10.0.0.0/8`) with commas between them."""
    try:
        return tuple(str(ipaddress.ip_network(part, strict=False)) for part in _parts(given))
    except ValueError:
        raise ValueError(f"isn't a list of addresses or networks: {given!r}") from None


def _parts(given: str) -> list[str]:
    return [part.strip() for part in given.split(",") if part.strip()]


def _has_port(netloc: str) -> bool:
    """Whether what stands after the last colon, if anything, is a port."""
    end = netloc.rpartition("@")[2].rpartition("]")[2].rpartition(":")
    return not end[1] or (end[2].isdigit() and int(end[2]) <= _HIGHEST_PORT)
