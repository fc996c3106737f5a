"""Who is calling: the direct address, or what a configured proxy says of it."""

import ipaddress
from collections.abc import Sequence

from backline.platform.http.asgi import Scope, exchange_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """The caller's address.

    `X-Forwarded-For` counts only when the direct peer is a trusted proxy, and then from the
    right: the first address that isn't a trusted proxy itself. What stands further left was
    written by the caller (CVE-2026-29794 elsewhere).
    """
    client = scope.get("client")
    direct = client[0] if client else "unknown"
    if not trusted or not _is_in(direct, trusted):
        return direct
    forwarded = exchange_of(scope).header(b"x-forwarded-for") or ""
    for part in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_address(part):
            return direct
        if not _is_in(part, trusted):
            return part
    return direct


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(text: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)
