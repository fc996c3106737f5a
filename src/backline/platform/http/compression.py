"""Encodings of answers: which one a client takes best, and bytes in it; who is asked elsewhere.

Answers that may not be stored aren't compressed either: their length could tell a secret.
"""

import gzip
import threading
from collections.abc import Callable, Container, Sequence
from typing import Any, Final, cast

import brotli  # pyright: ignore[reportMissingTypeStubs]
import zstandard

from backline.platform.http.asgi import App, Message, Receive, Scope, Send, exchange_of
from backline.platform.http.headers import Encoding, Headers

SMALLEST_BYTES: Final = 1024  # less goes in one packet as it is
_REMEMBERED = 1_000
_BY_PREFERENCE: Final[tuple[Encoding, ...]] = ("zstd", "br", "gzip")
_COMPRESSIBLE = (b"application/json", b"application/problem+json", b"text/xml")
_known: dict[bytes, Encoding] = {}
_brotli: Final[Callable[..., bytes]] = cast("Any", brotli).compress
_local = threading.local()


def negotiate(accept_encoding: bytes | None, among: Container[Encoding] | None = None) -> Encoding:
    """The encoding that a client takes and we like best (RFC 9110 §12.5.3).

    Where not every one is to be had, only those `among` which the choice is.
    """
    if not accept_encoding:
        return "identity"
    if among is not None:
        able: list[Encoding] = [name for name in _BY_PREFERENCE if name in among]
        return _negotiated(accept_encoding, able)
    found = _known.get(accept_encoding)
    if found is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        found = _known[accept_encoding] = _negotiated(accept_encoding, _BY_PREFERENCE)
    return found


def _negotiated(accept_encoding: bytes, able: Sequence[Encoding]) -> Encoding:
    weights: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    other = weights.get("*", 0.0)
    if not able:
        return "identity"
    best = max(able, key=lambda name: weights.get(name, other))
    return best if weights.get(best, other) > 0 else "identity"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def encode(body: bytes, encoding: Encoding) -> bytes:
    """`body` in an encoding.

    At these levels a list of 20 rows takes 13 (zstd), 86 (br) and 52 µs (gzip); higher ones take
    several times that and save nothing.
    """
    match encoding:
        case "zstd":
            return _zstd().compress(body)
        case "br":
            return _brotli(body, quality=4)
        case "gzip":
            return gzip.compress(body, 4, mtime=0)
        case "identity":
            return body


def decode(body: bytes, encoding: Encoding) -> bytes:
    """What `encode` made `body` from."""
    match encoding:
        case "zstd":
            return zstandard.ZstdDecompressor().decompress(body)
        case "br":
            return cast("Any", brotli).decompress(body)
        case "gzip":
            return gzip.decompress(body)
        case "identity":
            return body


def _zstd() -> zstandard.ZstdCompressor:
    """A compressor may not be shared by threads, and costs more to make than to use."""
    made: zstandard.ZstdCompressor | None = getattr(_local, "zstd", None)
    if made is None:
        made = _local.zstd = zstandard.ZstdCompressor(level=1)
    return made


class Compression:
    """The layer that compresses JSON and XML answers which come in one piece."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        encoding = negotiate(exchange_of(scope).headers.get(b"accept-encoding"))
        held: Message | None = None

        async def squeeze(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                held = message
                return
            if held is not None:
                start, held = held, None
                start, message = _compressed(start, message, encoding)
                await send(start)
            await send(message)

        await self._app(scope, receive, squeeze)


def _compressed(start: Message, part: Message, encoding: Encoding) -> tuple[Message, Message]:
    body: bytes = part.get("body", b"")
    headers: Headers = list(start["headers"])
    if part.get("more_body") or len(body) < SMALLEST_BYTES or not _may_compress(headers):
        return start, part
    headers = [*headers, (b"vary", b"Accept-Encoding")]
    if encoding == "identity":
        return {**start, "headers": headers}, part
    body = encode(body, encoding)
    kept = [(k, _tagged(v, encoding) if k == b"etag" else v) for k, v in headers]
    kept = [pair for pair in kept if pair[0] != b"content-length"]
    kept += [(b"content-encoding", encoding.encode()), (b"content-length", b"%d" % len(body))]
    return {**start, "headers": kept}, {**part, "body": body}


def _may_compress(headers: Headers) -> bool:
    said = dict(headers)
    kind = said.get(b"content-type", b"").partition(b";")[0]
    return (
        kind in _COMPRESSIBLE
        and b"content-encoding" not in said
        and b"no-store" not in said.get(b"cache-control", b"")
    )


def _tagged(etag: bytes, encoding: Encoding) -> bytes:
    """An ETag is of one encoding (RFC 9110 §8.8.3): `"5.a1"` -> `"5.a1-br"`."""
    return etag[:-1] + b"-" + encoding.encode() + b'"' if etag.endswith(b'"') else etag
