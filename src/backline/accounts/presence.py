"""What this process knows of sessions, tokens and app passwords: most requests need no query.

The row is the truth. What is known here is corrected before a change made in this process is
answered, by signal at once after one made in another, and by a poll twice a second; while the
poll fails for more than 5 s, every request asks the row.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from backline.accounts import api_tokens, changes, presence_sql, tokens
from backline.accounts.presence_sql import Admitted
from backline.accounts.token_uses import TokenUses
from backline.accounts.tokens import Access, TokenKeys
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.database.signals import Signals
from backline.platform.errors import Unauthenticated, Unavailable
from backline.platform.host.background import Background
from backline.platform.remembered import Remembered

_log = structlog.get_logger()
_POLL_S = 0.4
_TRUSTED_S = 5.0
_LIMIT = 100_000
_TOKENS_LIMIT = 25_000
_FOREVER_S = float("inf")


class Presence:
    """What this process has seen lately of them, by their ids."""

    def __init__(self, database: Database, keys: TokenKeys, signals: Signals) -> None:
        self._database, self._keys = database, keys
        self._uses = TokenUses(database)
        self._known: Remembered[UUID, Actor] = Remembered(_LIMIT)
        self._tokens: Remembered[str, Access] = Remembered(_TOKENS_LIMIT)
        self._generation = 0
        self._polled_s = float("-inf")
        self._work = Background()
        self._on_ended: Callable[[UUID], None] | None = None
        self._concerns: Callable[[UUID], bool] | None = None
        self._checks: set[asyncio.Task[None]] = set()
        changes.listen(self)
        signals.on(changes.SIGNAL, lambda text: self.changed(UUID(text)))

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

    async def of_app_password(self, password_id: UUID) -> Actor | None:
        """Who an app password belongs to, which has been shown; None where it counts no more.

        Raises:
            Unavailable: it isn't known here and the database doesn't answer.
        """
        is_trusted = time.monotonic() - self._polled_s < _TRUSTED_S
        actor = self._known.get(password_id) if is_trusted else None
        if actor is None:
            _, actor = await self._ask(lambda read: presence_sql.app_password(read, password_id))
        if actor is not None:
            self._uses.note(password_id)
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
        self._tokens.keep(token, access)

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
            self._known.keep(row.id, actor)
        return row, actor

    def changed(self, key_id: UUID) -> None:
        """Forget what was known of a session or token, and tell its listeners if it has ended."""
        self._generation += 1
        self._known.forget(key_id)
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
        self._work.start(self._poll(), "presence")
        await self._uses.start()

    async def close(self) -> None:
        """Stop polling."""
        changes.ignore(self)
        await self._uses.close()
        await self._work.stop()

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
                    if self._known.get(key_id) is not None or key_id not in seen:
                        self.changed(key_id)
                seen = changed
                self._polled_s = began_s
            await asyncio.sleep(_POLL_S)


def _actor_of(row: Admitted) -> Actor:
    if row.scopes is None:
        return Actor(row.user_id, row.role, row.id)
    scopes = frozenset(row.scopes)
    may_administer = any(scope.startswith("admin:") for scope in scopes)
    return Actor(row.user_id, row.role if may_administer else "user", row.id, scopes)
