"""Who is calling: the direct address, or what a configured proxy says of it."""

import ipaddress
from collections.abc import Sequence

from backline.platform.http.asgi import Scope
from backline.platform.http.headers import header

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
    forwarded = header(scope["headers"], b"x-forwarded-for") or ""
    for part in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_address(part):
            return direct
        if not _is_in(part, trusted):
            return part
    return direct


def network_of(address: str) -> str:
    """What an address is counted as: itself, or in IPv6 its /64, which one household has whole."""
    if ":" not in address:
        return address
    try:
        six = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if six.ipv4_mapped is not None:
        return str(six.ipv4_mapped)
    return f"{ipaddress.IPv6Address(int(six) >> 64 << 64)}/64"


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
