"""Conditional requests (RFC 9110 §13): ETags, `If-None-Match` on reads, `If-Match` on writes.

The ETag of a resource begins with its version column, then comes a hash of the answer, since
signed URLs and the like change without a version: `"5.9f3a61c2"`; that of a list is the hash
alone. Each encoding has its own, by a suffix: `"5.9f3a61c2-br"`.
"""

import re
from typing import Annotated

import msgspec
import xxhash
from litestar.di import Provide
from litestar.params import HeaderParameter

from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.http.asgi import App, Receive, Scope, Send
from backline.platform.http.capture import Capture

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_VERSION = re.compile(r"(\d{1,18})(?:\.[0-9a-f]+)?(?:-\w+)?")
_LIST = b'{"items":'  # what a list's answer begins with
_SUFFIX = re.compile(rb"-(?:zstd|br|gzip)$")
_BYTES_TAG = re.compile(rb'(?:W/)?"([^"]*)"')
_WRITES = frozenset({"POST", "PATCH", "PUT"})
_FURTHER = 300  # the status from which on an answer isn't the thing itself

IfMatchHeader = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        max_length=1_000,
        description="The ETag that the change is based on; 412 if it isn't the present one",
    ),
]


class _Versioned(msgspec.Struct):
    version: int


async def provide_if_match(if_match_header: IfMatchHeader = None) -> IfMatch:
    """What a request says in `If-Match`; injected as `if_match` where a handler asks for it."""
    return read_if_match(if_match_header)


# In the `dependencies` of a handler that asks for `if_match`.
CONDITIONAL = {"if_match": Provide(provide_if_match)}


def read_if_match(text: str | None) -> IfMatch:
    """Read the header; marks of weakness and of encodings count for nothing."""
    if text is None or text.strip() == "*":
        return ANY_VERSION
    found = (_VERSION.fullmatch(tag) for tag in _TAG.findall(text))
    return IfMatch(frozenset(int(match[1]) for match in found if match is not None))


def etag_of(body: bytes) -> bytes:
    """What stands between the quotes of the ETag of a JSON answer, without an encoding."""
    digest = xxhash.xxh3_64_hexdigest(body).encode()
    if not body.startswith(b"{") or body.startswith(_LIST) or b'"version":' not in body:
        return digest
    try:
        return b"%d.%b" % (msgspec.json.decode(body, type=_Versioned).version, digest)
    except msgspec.MsgspecError:
        return digest


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` names an ETag (weak comparison; the encoding is left aside)."""
    if if_none_match.strip() == b"*":
        return True
    return any(_SUFFIX.sub(b"", tag) == etag for tag in _BYTES_TAG.findall(if_none_match))


class Tagged:
    """The layer that gives writes which answer with a resource its ETag, for the next change."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in _WRITES:
            await self._app(scope, receive, send)
            return
        capture = Capture(send)
        await self._app(scope, receive, capture)
        if capture.is_whole and capture.status < _FURTHER:
            etag = etag_of(capture.body)
            if b"." in etag:  # a version and a hash
                capture.headers.append((b"etag", b'"%b"' % etag))
        await capture.release()
