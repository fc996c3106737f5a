"""Media that lies in no storage: whole pieces, made or fetched when they are asked for."""

from collections.abc import Awaitable, Callable

import msgspec

from backline.platform.http.headers import Headers


class Given(msgspec.Struct, frozen=True):
    """A piece as it is answered. Caches may keep it for `kept_s`; for ever where that is None."""

    body: bytes
    content_type: str
    kept_s: int | None = None


Give = Callable[[str, str], Awaitable[Given | None]]
"""What lies beneath a prefix under a name now; None where there is no such thing (any more)."""


def headers_of_given(given: Given, expires_s: int) -> Headers:
    """The headers of an answer; its URL, which is the permission, is good for `expires_s`."""
    kept_s = expires_s if given.kept_s is None else min(given.kept_s, expires_s)
    policy = f"public, max-age={max(kept_s, 0)}" + (", immutable" if given.kept_s is None else "")
    return [
        (b"content-type", given.content_type.encode("latin-1")),
        (b"cache-control", policy.encode()),
    ]
