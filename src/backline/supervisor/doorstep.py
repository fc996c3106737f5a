"""The server's port as seen from outside: is it free, and does somebody answer?"""

import contextlib
import ipaddress
import socket
from typing import Final

from backline.platform.host.privileges import ServiceUser, acting_as, name_of
from backline.platform.settings import Settings

_CONNECT_S: Final = 0.5
_ANSWER_S: Final = 2.0
_FIRST_FREE_PORT: Final = 1024


class PortFault(Exception):
    """The port can't be used; the text says why and what to do."""


def check_port(settings: Settings, user: ServiceUser | None) -> None:
    """See that the server will be able to listen.

    Raises:
        PortFault: it won't.
    """
    host, port = settings.host, settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as fault:
        raise PortFault(f"BACKLINE_HOST ({host}) isn't known here: {fault.strerror}.") from fault
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe, acting_as(user):
        # Connections of an earlier run that linger are no obstacle, a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except PermissionError as fault:
            raise PortFault(
                f"The user {name_of(user)} may not listen on port {port}: ports below "
                f"{_FIRST_FREE_PORT} are root's. Use a higher one with --port, and a proxy in "
                "front of it."
            ) from fault
        except OSError as fault:
            raise PortFault(
                f"Port {port} on {host} can't be used ({fault.strerror}). End what uses it, or "
                "choose another one: backline up --port 8001"
            ) from fault


def answers(settings: Settings) -> bool:
    """Whether `/health/live` gives a 200 now."""
    request = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with contextlib.suppress(OSError):
        address = (_near(settings.host), settings.port)
        with socket.create_connection(address, timeout=_CONNECT_S) as connection:
            connection.settimeout(_ANSWER_S)
            connection.sendall(request)
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    return False


def _near(host: str) -> str:
    """An address of this machine where a server on `host` answers."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"  # noqa: PLR2004
