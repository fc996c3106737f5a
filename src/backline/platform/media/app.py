"""`/media/<token>/<prefix>/<name>`: a raw ASGI application that serves stored files.

Who may have a URL is decided where URLs are made; this only checks the signature. Faults are
raised as domain errors, for the layer around it to answer.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

import structlog
from litestar.types import HTTPScope, Receive, Scope, Send

from backline.platform.errors import NotFound, Unavailable
from backline.platform.http.asgi import Scope as RawScope
from backline.platform.http.asgi import Send as RawSend
from backline.platform.http.asgi import exchange_of, send_answer
from backline.platform.http.problems import problem_of_status, send_problem
from backline.platform.media.conditions import early_status, range_holds
from backline.platform.media.files import HeaderList, headers_of
from backline.platform.media.giving import Give, Given, headers_of_given
from backline.platform.media.lookup import Lookup, Resolve
from backline.platform.media.offload import Asked, Offload
from backline.platform.media.places import open_in_place
from backline.platform.media.ranges import ByteRange, Unsatisfiable, parse_range
from backline.platform.media.sending import send_range
from backline.platform.media.signing import Grant, MediaExpired, MediaSigner
from backline.platform.media.zipped import ZipReader
from backline.platform.storage import Reader, Storage
from backline.platform.storage.cdn import Cdn, tag_headers
from backline.platform.storage.kinds import StoredFile

_log = structlog.get_logger()
_BASE = "/media/"
_METHODS = b"GET, HEAD, OPTIONS"
_IDLE_S = 120.0
_NO_FILE = "That media file doesn't exist (any more)."


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MediaApp:
    """The media of an installation over HTTP.

    `resolve(prefix, name)` tells what the database knows of a file: nothing is served that no
    COMMIT points to. `gives` is asked for kinds that lie in no storage. `offload` may have others
    send the bytes; the `cdn` knows them by tags. `idle_s` is how long a client may take nothing
    before it is let go.
    """

    def __init__(
        self,
        signer: MediaSigner,
        storage: Storage,
        resolve: Resolve,
        *,
        gives: Mapping[str, Give] | None = None,
        offload: Offload | None = None,
        cdn: Cdn | None = None,
        idle_s: float = _IDLE_S,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._signer, self._storage, self._now = signer, storage, now
        self._lookup = Lookup(resolve)
        self._gives = gives or {}
        self._idle_s = idle_s
        self.offload, self.cdn = offload, cdn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            NotFound: no such address or file.
            Forbidden: forged, foreign or expired.
            Unavailable: the stored bytes aren't those that the database knows.
        """
        request = cast("HTTPScope", scope)
        if request["method"] not in ("GET", "HEAD"):
            await _answer_method(request, send)
            return
        now = self._now()
        grant = self._signer.open(_path_of(request), now)
        give = self._gives.get(grant.prefix.partition("/")[0])
        if give is not None:
            await _hand_out(request, send, await give(grant.prefix, grant.name), grant, now)
            return
        file = await self._lookup.find(grant.prefix, grant.name)
        if file is None:
            raise NotFound(_NO_FILE)
        grant = _at_most(grant, file)
        if now >= grant.expires_at:
            raise MediaExpired("That media file has expired. Ask for a new one.")
        await _Answer(self, request, receive, send, grant=grant, file=file).give(now)

    async def give(
        self, scope: Scope, receive: Receive, send: Send, file: StoredFile, *, kept_s: int = 0
    ) -> None:
        """Answer with a file for somebody who was found to be allowed: only they may keep it.

        We send its bytes ourselves, so that nobody has to follow anything.

        Raises:
            Unavailable: the stored bytes aren't those that the database knows.
        """
        now = self._now()
        name = file.key.rpartition("/")[2]
        grant = Grant("", name, now + timedelta(seconds=kept_s))
        answer = _Answer(
            self, cast("HTTPScope", scope), receive, send, grant=grant, file=file, is_own=True
        )
        await answer.give(now)

    async def read(self, file: StoredFile, part: ByteRange) -> Reader:
        """The file's bytes, if they are what the database knows; the first of `part` are there.

        Raises:
            Unavailable: they are missing, or of another length, or the storage doesn't answer.
        """
        if file.members is not None:
            return ZipReader(file.members, self._member)
        if file.place is not None:
            return await open_in_place(file, file.place)
        try:
            reader = await self._storage.open(file.key, part.start, part.end)
        except NotFound as fault:
            raise _damaged(file) from fault
        if reader.size_bytes != file.size_bytes:
            reader.close()
            raise _damaged(file)
        return reader

    async def _member(self, file: StoredFile, start: int) -> Reader:
        return await self.read(file, ByteRange(start, file.size_bytes))

    @property
    def idle_s(self) -> float:
        """How long a client may take nothing."""
        return self._idle_s


class _Answer:
    """One request for one file."""

    def __init__(
        self,
        app: MediaApp,
        scope: HTTPScope,
        receive: Receive,
        send: Send,
        *,
        grant: Grant,
        file: StoredFile,
        is_own: bool = False,
    ) -> None:
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._grant, self._file, self._is_own = grant, file, is_own
        asked = exchange_of(cast("RawScope", scope)).headers
        self._asked = {name.decode(): value.decode("latin-1") for name, value in asked.items()}

    async def give(self, now: datetime) -> None:
        file = self._file
        max_age_s = int((self._grant.expires_at - now).total_seconds())
        tags = self._tags()
        is_own = self._is_own or tags is None
        headers = headers_of(file, self._grant.name, max_age_s=max_age_s, is_own=is_own)
        headers += tags or []
        status = early_status(self._asked, file.etag, file.modified_at)
        if status is not None:
            await _empty(self._send, status, headers)
            return
        try:
            part = self._part()
        except Unsatisfiable:
            await _answer_unsatisfiable(self._scope, self._send, file.size_bytes)
            return
        is_ours = file.place is None and file.members is None
        if self._app.offload is not None and is_ours and not self._is_own:
            asked = Asked(self._scope["method"], file, self._grant, part, now)
            handed = self._app.offload(asked)
            if handed is not None:
                await _empty(self._send, handed.status, [*handed.headers, *(tags or [])])
                return
        whole = ByteRange(0, file.size_bytes)
        if part is not None:
            span = f"bytes {part.start}-{part.end - 1}/{file.size_bytes}"
            headers.append((b"content-range", span.encode()))
        await self._deliver(200 if part is None else 206, headers, part or whole)

    def _tags(self) -> HeaderList | None:
        """By what a CDN knows this answer; None where it is one that it couldn't forget."""
        if self._app.cdn is None or self._is_own:
            return []
        members = self._file.members
        keys = [self._file.key] if members is None else [one.file.key for one in members]
        return tag_headers(self._app.cdn, keys)

    def _part(self) -> ByteRange | None:
        # §14.2: a Range counts for GET only.
        asked = self._asked.get("range") if self._scope["method"] == "GET" else None
        if not range_holds(self._asked.get("if-range"), self._file.etag, self._file.modified_at):
            return None
        return parse_range(asked, self._file.size_bytes)

    async def _deliver(self, status: int, headers: HeaderList, part: ByteRange) -> None:
        headers.append((b"content-length", str(part.end - part.start).encode()))
        if self._scope["method"] == "HEAD" or part.start == part.end:
            await _empty(self._send, status, headers)
            return
        async with await self._app.read(self._file, part) as reader:
            await self._send({"type": "http.response.start", "status": status, "headers": headers})
            idle_s = self._app.idle_s
            await send_range(reader, part, self._receive, self._send, idle_s=idle_s)


async def _hand_out(
    scope: HTTPScope, send: Send, given: Given | None, grant: Grant, now: datetime
) -> None:
    if given is None:
        raise NotFound(_NO_FILE)
    headers = headers_of_given(given, int((grant.expires_at - now).total_seconds()))
    await send_answer(cast("RawScope", scope), cast("RawSend", send), 200, headers, given.body)


def _at_most(grant: Grant, file: StoredFile) -> Grant:
    """A URL is good no longer than its file is."""
    if file.until is None or file.until >= grant.expires_at:
        return grant
    return Grant(grant.prefix, grant.name, file.until)


def _path_of(scope: HTTPScope) -> str:
    """What stands after `/media/`; escapes are refused, since no address of ours has any."""
    raw: bytes = scope.get("raw_path") or b""  # pyright: ignore[reportUnknownMemberType]
    if b"%" in raw:
        raise NotFound("There is no such media file. Its address isn't one of ours.")
    return scope["path"].removeprefix(_BASE).removeprefix("/")


def _damaged(file: StoredFile) -> Unavailable:
    _log.error("media_file_damaged", key=file.key, expected_bytes=file.size_bytes)
    return Unavailable(
        "The file's bytes are missing on the server, or cut off. Its operator can look into it "
        "with `backline doctor`.",
        retry_after_s=60,
    )


async def _answer_method(scope: HTTPScope, send: Send) -> None:
    if scope["method"] == "OPTIONS":
        await _empty(send, 204, [(b"allow", _METHODS)])
        return
    await _problem(scope, send, 405, "Media files are only read.", [(b"allow", _METHODS)])


async def _answer_unsatisfiable(scope: HTTPScope, send: Send, size_bytes: int) -> None:
    detail = f"The file has {size_bytes} bytes; the range lies outside of it."
    span = f"bytes */{size_bytes}".encode()
    await _problem(scope, send, 416, detail, [(b"content-range", span)])


async def _problem(
    scope: HTTPScope, send: Send, status: int, detail: str, headers: HeaderList
) -> None:
    raw = cast("RawScope", scope)
    problem = problem_of_status(status, detail, exchange_of(raw).request_id)
    await send_problem(raw, cast("RawSend", send), problem, headers)


async def _empty(send: Send, status: int, headers: HeaderList) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
