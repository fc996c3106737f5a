"""The headers that every answer carries, worked out once per process."""

from collections.abc import Iterable, Sequence

Headers = list[tuple[bytes, bytes]]


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


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The first value of a header in an ASGI scope, or None; `name` in lower case."""
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None
