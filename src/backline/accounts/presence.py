"""What this process knows of sessions, so that most requests need no query to be let in.

The row is the truth. What is known here is corrected by signal at once and by a poll twice a
second; while the poll fails for more than 5 s, every request asks the row.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

from backline.accounts import sessions, sql, tokens
from backline.accounts.tokens import Access, TokenKeys
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.errors import Unauthenticated, Unavailable
from backline.platform.signals import Signals

_POLL_S = 0.5
_TRUSTED_S = 5.0
_LIMIT = 200_000
_TOKENS_LIMIT = 50_000


class Presence:
    """The sessions that this process has seen lately."""

    def __init__(self, database: Database, keys: TokenKeys, signals: Signals) -> None:
        self._database, self._keys = database, keys
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
        """Call `callback` with each session that has ended, of those that it `concerns`."""
        self._on_ended, self._concerns = callback, concerns

    async def actor(self, token: str) -> Actor:
        """Who an access token belongs to.

        Raises:
            Unauthenticated: expired or forged, or its session has ended.
            Unavailable: the session isn't known here and the database doesn't answer.
        """
        access = tokens.read_access_token(self._keys, token)
        self._tokens[token] = access
        if len(self._tokens) > _TOKENS_LIMIT:
            self._tokens.popitem(last=False)
        if time.monotonic() - self._polled_s < _TRUSTED_S:
            known = self._known.get(access.session_id)
            if known is not None:
                return known
        return await self._ask(access.session_id)

    def known(self, token: str) -> Actor | None:
        """Who an access token belongs to, where that needs neither a signature nor a query.

        None says only that `actor` has to find out.
        """
        access = self._tokens.get(token)
        if access is None or access.expires_s <= time.time():
            return None
        if time.monotonic() - self._polled_s >= _TRUSTED_S:
            return None
        return self._known.get(access.session_id)

    async def _ask(self, session_id: UUID) -> Actor:
        generation = self._generation
        async with self._database.read() as read:
            row = await sql.session(read, session_id)
        if row is None:
            raise Unauthenticated("Your session has ended. Sign in again.")
        actor = Actor(row.user_id, row.role, row.id)
        if generation == self._generation:  # nothing changed while the row was read
            self._known[session_id] = actor
            if len(self._known) > _LIMIT:
                self._known.popitem(last=False)
        return actor

    def _changed(self, session_id: UUID) -> None:
        self._generation += 1
        self._known.pop(session_id, None)
        if self._on_ended and self._concerns and self._concerns(session_id):
            check = asyncio.get_running_loop().create_task(self._tell_if_ended(session_id))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    async def _tell_if_ended(self, session_id: UUID) -> None:
        with contextlib.suppress(Unavailable):
            try:
                await self._ask(session_id)
            except Unauthenticated:
                if self._on_ended is not None:
                    self._on_ended(session_id)

    async def start(self) -> None:
        """Begin to poll."""
        self._task = asyncio.create_task(self._poll(), name="presence")

    async def close(self) -> None:
        """Stop polling."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _poll(self) -> None:
        seen: set[UUID] = set()
        while True:
            began_s = time.monotonic()
            with contextlib.suppress(Unavailable):
                async with self._database.read() as read:
                    changed = set(await sql.changed_sessions(read))
                # Each is forgotten again as long as the poll reports it: a row that was read
                # just before its change became visible can't outlive the next poll.
                for session_id in changed:
                    if session_id in self._known or session_id not in seen:
                        self._changed(session_id)
                seen = changed
                self._polled_s = began_s
            await asyncio.sleep(_POLL_S)
