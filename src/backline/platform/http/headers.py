"""The headers that every answer carries, and headers as they stand in a message."""

import time
from collections.abc import Iterable, Sequence
from email.utils import formatdate
from typing import Literal

Headers = list[tuple[bytes, bytes]]
Encoding = Literal["identity", "zstd", "br", "gzip"]


def content_security_policy(
    *, storage_origins: Sequence[str] = (), asset_origins: Sequence[str] = (), report_to: str = ""
) -> str:
    """The policy for our pages: nothing from elsewhere but the configured storage and CDN.

    `report_to` is the origin that browser errors go to (Sentry), if any.
    """
    storage = " ".join(storage_origins)
    assets = " ".join(asset_origins)
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {assets}",
        "style-src": f"'self' {assets}",
        "font-src": f"'self' {assets}",
        "img-src": f"'self' data: blob: {assets} {storage}",
        "media-src": f"'self' blob: {storage}",
        "connect-src": f"'self' {assets} {storage} {report_to}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())


def security_headers(policy: str, *, https: bool) -> Headers:
    """What goes on every answer, pages and API alike."""
    headers = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    ]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers


_date: tuple[int, Headers] = (0, [])


def date_header() -> Headers:
    """When an answer is given (RFC 9110 §6.6.1), written out once a second."""
    global _date  # noqa: PLW0603  # a memory of one value
    now_s = int(time.time())
    if _date[0] != now_s:
        _date = now_s, [(b"date", formatdate(now_s, usegmt=True).encode())]
    return _date[1]


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as HTTP/1.1 sends them (RFC 9112 §5)."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


def joined(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Each header once: what came in several lines is one list (RFC 9110 §5.3, RFC 9113 §8.2.3)."""
    once = dict(headers)
    if len(once) == len(headers):
        return once
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        before = found.get(name)
        between = b"; " if name == b"cookie" else b", "
        found[name] = value if before is None else before + between + value
    return found
