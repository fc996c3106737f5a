"""Watermarks: how far the database was when somebody wrote, so that they never see less.

A write's answer carries one, signed, as header and as cookie. While it is young, caches are
passed by; a replica may serve whoever holds one once it has replayed that position.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable

import msgspec

from backline.platform.database import Database
from backline.platform.errors import BacklineError
from backline.platform.http.asgi import App, Message, Receive, Scope, Send
from backline.platform.secrets import Key, Secrets

HEADER = b"backline-watermark"
COOKIE = b"backline_watermark"
YOUNG_S = 2
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PURPOSE = "watermark"
_SIGNATURE_BYTES = 16
_TEXT = re.compile(rb"([0-9a-f]{1,16})\.([0-9a-f]{1,12})\.([A-Za-z0-9]{1,16})\.([\w-]{22})")
_IN_COOKIE = re.compile(rb"(?:^|;\s*)backline_watermark=([^;\s]{1,90})")
_LIMIT = 400  # the status from which on nothing was written
_POSITION = """
SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS position,
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at_ms
"""


class Watermark(msgspec.Struct, frozen=True):
    """A WAL position in bytes (0: not asked for), and the database's clock in ms since 1970."""

    position: int
    at_ms: int


Wrote = Callable[[Scope, Watermark], None]


async def present(database: Database) -> Watermark:
    """How far the database is now: at or after every commit that was acknowledged before."""
    async with database.read() as read:
        found = await read.fetch_one(_POSITION, Watermark)
    assert found is not None  # noqa: S101  # the query always gives a row
    return found


class WatermarkSigner:
    """Writes and reads watermarks."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def write(self, mark: Watermark) -> bytes:
        """A watermark as it goes over the wire."""
        key = self._secrets.signing_key(_PURPOSE)
        said = b"%x.%x" % (mark.position, mark.at_ms)
        return b"%b.%b.%b" % (said, key.id.encode(), _signature(key, said))

    def read(self, text: bytes) -> Watermark | None:
        """A watermark that came with a request, or None where it isn't one of ours."""
        found = _TEXT.fullmatch(text)
        key = self._secrets.keys(_PURPOSE).get(found[3].decode()) if found else None
        if found is None or key is None:
            return None
        said = b"%b.%b" % (found[1], found[2])
        if not hmac.compare_digest(found[4], _signature(key, said)):
            return None
        return Watermark(int(found[1], 16), int(found[2], 16))

    def of_request(self, header: bytes | None, cookie: bytes | None) -> Watermark | None:
        """The later of the two that a request may carry."""
        texts = [header] if header else []
        if cookie is not None:
            texts += _IN_COOKIE.findall(cookie)[:2]
        marks = [mark for text in texts if (mark := self.read(text)) is not None]
        return max(marks, key=lambda mark: mark.at_ms, default=None)


def _signature(key: Key, said: bytes) -> bytes:
    mac = hmac.digest(key.secret, said, hashlib.sha256)[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=")


class Watermarked:
    """The layer that puts a watermark on the answer of every write, and says so to `wrote`."""

    def __init__(
        self,
        app: App,
        signer: WatermarkSigner,
        position: Callable[[], Awaitable[Watermark]],
        *,
        secure: bool,
        wrote: Wrote | None = None,
    ) -> None:
        self._app, self._signer, self._position, self._wrote = app, signer, position, wrote
        self._attributes = b"; Path=/api; Max-Age=%d; HttpOnly; SameSite=Strict" % YOUNG_S
        if secure:
            self._attributes += b"; Secure"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] in _SAFE:
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < _LIMIT:
                more = await self._headers(scope)
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self._app(scope, receive, marked)

    async def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        try:
            mark = await self._position()
        except BacklineError:
            # What was written is safe, and as long as the database is away nobody reads older.
            return []
        if self._wrote is not None:
            self._wrote(scope, mark)
        text = self._signer.write(mark)
        cookie = COOKIE + b"=" + text + self._attributes
        return [(HEADER, text), (b"set-cookie", cookie)]
