"""`Idempotency-Key`: a write that is sent twice happens once, and both get the same answer.

The key is taken in the write's own transaction, which is committed together with the answer, so a
crash leaves both or neither. A twin that comes meanwhile waits for that commit. Handlers take
part by `idempotent=True` in their decorator, and open exactly one `database.write()`. Those whose
body or answer holds a secret don't, since a hash of the one and the whole of the other are kept;
nor do those that take in uploads.

A replay never reaches the operation that would refuse it. So the answer is kept with the role, the
scopes and the ranks in what is shared that it took, and is given again to who still has them.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Database, Read, Write
from backline.platform.errors import BacklineError, Conflict, FieldFault, Forbidden, Invalid
from backline.platform.http.asgi import App, Message, Receive, Scope, Send, exchange_of
from backline.platform.http.capture import Capture
from backline.platform.http.headers import Headers

# Whether somebody is still a member of a container, with this rank or above.
Reaches = Callable[[Read, Actor, UUID, str], Awaitable[bool]]

HEADER = b"idempotency-key"
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_METHODS = frozenset({"POST", "PATCH", "PUT", "DELETE"})
_LIMIT = 400  # the status from which on nothing was written
_TURN_S = 30.0
_TAKE = """
INSERT INTO idempotency_keys (user_id, key, fingerprint, role, scopes) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
_KEPT = """
SELECT fingerprint, status, headers, body, role, scopes, ranks
FROM idempotency_keys WHERE user_id = $1 AND key = $2
"""
_KEEP = """
UPDATE idempotency_keys SET status = $3, headers = $4, body = $5, ranks = $6
WHERE user_id = $1 AND key = $2
"""


class _Kept(msgspec.Struct, frozen=True):
    """The answer that was given to a key, and what it took."""

    fingerprint: bytes
    status: int | None
    headers: str | None
    body: bytes | None
    role: str | None
    scopes: list[str] | None
    ranks: str | None

    def is_within(self, actor: Actor) -> bool:
        """Whether somebody's role and scopes are at least those that it took."""
        if self.role is None:
            return True
        if self.role == "admin" and not actor.is_admin:
            return False
        if actor.scopes is None:
            return True
        return self.scopes is not None and actor.scopes.issuperset(self.scopes)


class _Answered(BacklineError):
    """Ends a handler whose write was done before; the layer sends the kept answer instead."""

    status, kind, title = 409, "answered-before", "This was done before"


class _Once:
    """How one keyed request writes: its transaction stays open until it is answered."""

    def __init__(
        self, primary: Database, user_id: UUID, key: str, scope: Scope, reaches: Reaches
    ) -> None:
        self._reaches = reaches
        self._primary, self.database = primary, primary.view(write=self.write)
        self._user_id, self._key, self._scope = user_id, key, scope
        said = (scope["method"], scope["path"], scope["query_string"].decode("latin-1"))
        self._digest = hashlib.sha256("\0".join((*said, "")).encode())
        self._stack: AsyncExitStack | None = None
        self._tx: Write | None = None
        self.kept: _Kept | None = None

    def read_by(self, receive: Receive) -> Receive:
        """`receive`, listened to: the body counts towards the fingerprint."""

        async def listen() -> Message:
            message = await receive()
            self._digest.update(message.get("body", b""))
            return message

        return listen

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Write]:
        """The keyed transaction; a second one within the same request is a part of it."""
        if self._tx is not None:
            async with self._tx.savepoint():
                yield self._tx
            return
        tx = await self._open()
        try:
            yield tx
        except BaseException as fault:
            await self.abandon(fault)
            raise

    async def _open(self) -> Write:
        actor = exchange_of(self._scope).actor
        if actor is None or actor.user_id != self._user_id:
            raise Forbidden("Send one Authorization header only.")
        fingerprint = self._digest.digest()
        self._stack = AsyncExitStack()
        try:
            tx = await self._stack.enter_async_context(self._primary.write())
            await self._take(tx, actor, fingerprint)
        except BaseException as fault:
            await self.abandon(fault)
            raise
        self._tx = tx
        return tx

    async def _take(self, tx: Write, actor: Actor, fingerprint: bytes) -> None:
        scopes = None if actor.scopes is None else sorted(actor.scopes)
        row = (self._user_id, self._key, fingerprint, actor.role, scopes)
        if await tx.execute(_TAKE, *row) > 0:
            return
        # Another's, and committed: the INSERT has waited for it.
        kept = await tx.fetch_one(_KEPT, _Kept, self._user_id, self._key)
        if kept is None:
            raise Conflict("The first request with this key is just being removed. Try again.")
        if kept.fingerprint != fingerprint:
            raise Invalid(
                "This Idempotency-Key was used for another request. Take a new key for each one.",
                FieldFault("Idempotency-Key", "belongs to another request"),
            )
        ranks = msgspec.json.decode(kept.ranks or "{}", type=dict[UUID, str])
        reached = [await self._reaches(tx, actor, one, least) for one, least in ranks.items()]
        if not (kept.is_within(actor) and all(reached)):
            raise Forbidden("This was done before, and you may no longer do it or see its answer.")
        self.kept = kept
        raise _Answered("This was done before.")

    async def finish(self, capture: Capture) -> None:
        """Commit the write with its answer, or roll it back where the answer is a problem."""
        if self._tx is None or self._stack is None:
            return
        if capture.status >= _LIMIT or not capture.is_whole:
            await self.abandon(_Refused())
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in capture.headers}
        said = msgspec.json.encode(headers).decode()
        ranks = msgspec.json.encode(self._tx.ranks).decode() if self._tx.ranks else None
        try:
            await self._tx.execute(
                _KEEP, self._user_id, self._key, capture.status, said, capture.body, ranks
            )
        except BaseException as fault:
            await self.abandon(fault)
            raise
        stack, self._stack, self._tx = self._stack, None, None
        await stack.aclose()

    async def abandon(self, fault: BaseException) -> None:
        """Roll the write back, if one is open."""
        stack, self._stack, self._tx = self._stack, None, None
        if stack is not None:
            await stack.__aexit__(type(fault), fault, fault.__traceback__)


class _Refused(Exception):
    """Rolls a write back whose handler answered with a problem."""


class Idempotency:
    """The layer that gives the kept answer to a write that was done before."""

    def __init__(self, app: App, database: Database, reaches: Reaches) -> None:
        self._app, self._database, self._reaches = app, database, reaches
        self._turns: dict[tuple[UUID, str], _Turn] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            Invalid: the key isn't one, or was used for another request.
            Conflict: its twin takes too long.
        """
        exchange = exchange_of(scope)
        key = exchange.header(HEADER) if scope["method"] in _METHODS else None
        caller = exchange.caller
        # Who isn't known is told by the framework what is wrong with that.
        if key is None or caller is None:
            await self._app(scope, receive, send)
            return
        if not _KEY.fullmatch(key):
            raise Invalid(
                "An Idempotency-Key has 1 to 255 printable ASCII characters.",
                FieldFault("Idempotency-Key", "isn't 1 to 255 printable ASCII characters"),
            )
        async with self._turn(caller.user_id, key):
            capture = await self._run(
                scope,
                receive,
                send,
                _Once(self._database, caller.user_id, key, scope, self._reaches),
            )
        await capture.release()

    async def _run(self, scope: Scope, receive: Receive, send: Send, once: _Once) -> Capture:
        exchange = exchange_of(scope)
        exchange.keyed = once.database
        capture = Capture(send)
        try:
            await self._app(scope, once.read_by(receive), capture)
            await once.finish(capture)
        except BaseException as fault:
            await once.abandon(fault)
            raise
        if once.kept is None or not capture.is_whole:
            return capture
        exchange.problem = None
        replay = Capture(send)
        await replay({"type": "http.response.start", **_start(once.kept)})
        await replay({"type": "http.response.body", "body": once.kept.body or b""})
        return replay

    @asynccontextmanager
    async def _turn(self, user_id: UUID, key: str) -> AsyncGenerator[None]:
        """Twins in this process come one after the other, so that none holds a connection idle."""
        place = (user_id, key)
        turn = self._turns.setdefault(place, _Turn())
        turn.users += 1
        try:
            try:
                await asyncio.wait_for(turn.lock.acquire(), _TURN_S)
            except TimeoutError as fault:
                raise Conflict("The first request with this key is still going on.") from fault
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            turn.users -= 1
            if turn.users == 0:
                del self._turns[place]


class _Turn:
    """Whose turn it is with a key, and how many stand in line."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


def _start(kept: _Kept) -> dict[str, Any]:
    said = msgspec.json.decode(kept.headers or "{}", type=dict[str, str])
    headers: Headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in said.items()]
    return {"status": kept.status, "headers": [*headers, (b"idempotency-replayed", b"true")]}
