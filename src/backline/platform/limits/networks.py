"""What an address is counted as, wherever addresses are counted."""

import ipaddress


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
