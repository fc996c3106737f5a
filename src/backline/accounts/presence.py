"""What this process knows of sessions and API tokens, so that most requests need no query.

The row is the truth. What is known here is corrected by signal at once and by a poll twice a
second; while the poll fails for more than 5 s, every request asks the row.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from backline.accounts import api_tokens, presence_sql, sessions, tokens
from backline.accounts.presence_sql import Admitted
from backline.accounts.token_uses import TokenUses
from backline.accounts.tokens import Access, TokenKeys
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.errors import Unauthenticated, Unavailable
from backline.platform.signals import Signals

_log = structlog.get_logger()
_POLL_S = 0.4
_TRUSTED_S = 5.0
_LIMIT = 200_000
_TOKENS_LIMIT = 50_000
_FOREVER_S = float("inf")


class Presence:
    """The sessions and API tokens that this process has seen lately, by their ids."""

    def __init__(self, database: Database, keys: TokenKeys, signals: Signals) -> None:
        self._database, self._keys = database, keys
        self._uses = TokenUses(database)
        self._known: OrderedDict[UUID, Actor] = OrderedDict()
        self._tokens: OrderedDict[str, Access] = OrderedDict()
        self._generation = 0
        self._polled_s = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._on_ended: Callable[[UUID], None] | None = None
        self._concerns: Callable[[UUID], bool] | None = None
        self._checks: set[asyncio.Task[None]] = set()
        signals.on(sessions.SIGNAL, lambda text: self._changed(UUID(text)))

    def on_ended(self, callback: Callable[[UUID], None], concerns: Callable[[UUID], bool]) -> None:
        """Call `callback` with each session or token that has ended, of those it `concerns`."""
        self._on_ended, self._concerns = callback, concerns

    async def actor(self, token: str) -> Actor:
        """Who an access token or an API token belongs to.

        Raises:
            Unauthenticated: expired or forged, or its session has ended or it was deleted.
            Unavailable: it isn't known here and the database doesn't answer.
        """
        known = self.known(token)
        if known is not None:
            return known
        if api_tokens.is_one(token):
            digest = api_tokens.digest_of(self._keys, token)
            row, actor = await self._ask(lambda read: presence_sql.token(read, digest))
            if row is None or actor is None:
                raise Unauthenticated("This API token has expired or was deleted. Make a new one.")
            expires_s = row.expires_s or _FOREVER_S
            self._remember(token, Access(row.id, expires_s))
            self._uses.note(row.id)
            return actor
        access = tokens.read_access_token(self._keys, token)
        self._remember(token, access)
        if time.monotonic() - self._polled_s < _TRUSTED_S:
            known = self._known.get(access.session_id)
            if known is not None:
                return known
        _, actor = await self._ask(lambda read: presence_sql.session(read, access.session_id))
        if actor is None:
            raise Unauthenticated("Your session has ended. Sign in again.")
        return actor

    def known(self, token: str) -> Actor | None:
        """Who a token belongs to, where that needs neither a signature nor a query.

        None says only that `actor` has to find out.
        """
        access = self._tokens.get(token)
        if access is None or access.expires_s <= time.time():
            return None
        if time.monotonic() - self._polled_s >= _TRUSTED_S:
            return None
        actor = self._known.get(access.session_id)
        if actor is not None and actor.scopes is not None:
            self._uses.note(actor.session_id)
        return actor

    def _remember(self, token: str, access: Access) -> None:
        self._tokens[token] = access
        if len(self._tokens) > _TOKENS_LIMIT:
            self._tokens.popitem(last=False)

    async def _ask(
        self, query: Callable[[Read], Awaitable[Admitted | None]]
    ) -> tuple[Admitted | None, Actor | None]:
        generation = self._generation
        async with self._database.read() as read:
            row = await query(read)
        if row is None:
            return None, None
        actor = _actor_of(row)
        if generation == self._generation:  # nothing changed while the row was read
            self._known[row.id] = actor
            if len(self._known) > _LIMIT:
                self._known.popitem(last=False)
        return row, actor

    def _changed(self, key_id: UUID) -> None:
        self._generation += 1
        self._known.pop(key_id, None)
        if self._on_ended and self._concerns and self._concerns(key_id):
            check = asyncio.get_running_loop().create_task(self._tell_if_ended(key_id))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    async def _tell_if_ended(self, key_id: UUID) -> None:
        with contextlib.suppress(Unavailable):
            async with self._database.read() as read:
                lives = await presence_sql.lives(read, key_id)
            if not lives and self._on_ended is not None:
                self._on_ended(key_id)

    async def start(self) -> None:
        """Begin to poll."""
        self._task = asyncio.create_task(self._poll(), name="presence")
        await self._uses.start()

    async def close(self) -> None:
        """Stop polling."""
        await self._uses.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _poll(self) -> None:
        seen: set[UUID] = set()
        while True:
            began_s = time.monotonic()
            try:
                async with self._database.read() as read:
                    changed = set(await presence_sql.changed(read))
            except Unavailable:
                pass
            except Exception:  # noqa: BLE001  # without the poll nobody's end would be noticed
                _log.exception("presence_poll_failed")
            else:
                # Each is forgotten again as long as the poll reports it: a row that was read
                # just before its change became visible can't outlive the next poll.
                for key_id in changed:
                    if key_id in self._known or key_id not in seen:
                        self._changed(key_id)
                seen = changed
                self._polled_s = began_s
            await asyncio.sleep(_POLL_S)


def _actor_of(row: Admitted) -> Actor:
    if row.scopes is None:
        return Actor(row.user_id, row.role, row.id)
    scopes = frozenset(row.scopes)
    may_administer = any(scope.startswith("admin:") for scope in scopes)
    return Actor(row.user_id, row.role if may_administer else "user", row.id, scopes)
