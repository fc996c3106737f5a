"""Where a destination is: what its URL says, and which addresses its name leads to today."""

import asyncio
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from backline.live.rtmp.faults import Turned
from backline.platform.outside.addresses import is_public

_PORTS = {"rtmp": 1935, "rtmps": 443}


class Place(NamedTuple):
    """What a URL like `rtmps://host:443/app` says. `tc_url` is it as RTMP wants it."""

    host: str
    port: int
    is_secure: bool
    app: str
    tc_url: str


def place_of(url: str) -> Place:
    """Read a destination's URL.

    Raises:
        ValueError: it isn't one; the text says what is wrong.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in _PORTS:
        raise ValueError("The address has to begin with rtmp:// or rtmps://.")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("The port in the address isn't one.") from None
    if not parts.hostname or parts.username is not None:
        raise ValueError("The address needs a host, and no name or password before it.")
    app = parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")
    if not app:
        raise ValueError("The address needs an app after the host, as in rtmp://host/live.")
    return Place(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        is_secure=parts.scheme == "rtmps",
        app=app,
        tc_url=f"{parts.scheme}://{parts.netloc}/{app}",
    )


async def addresses_of(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Where a name leads at this moment, without what strangers may not connect to.

    Raises:
        Turned: nowhere, or only to addresses that aren't public.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:
        raise Turned(f"{host} can't be the name of a host.", final=True) from fault
    except OSError as fault:
        raise Turned(f"The name {host} isn't known: {fault.strerror}.", final=False) from fault
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    allowed = [one for one in addresses if allow_private or is_public(one)]
    if not allowed:
        raise Turned(
            f"{host} leads to an address that isn't public, where shows may not be sent to.",
            final=True,
        )
    return allowed
