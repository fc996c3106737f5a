"""Who shows an app password, with a name or by the password alone.

A process remembers the passwords of whoever came lately, and whether each still counts as it does
of sessions (`presence`), so that most requests need no query. A right one is let in at any time:
nobody guesses 120 bits. Wrong ones count as tries (`tries`), apart from those at the account's
own password: a program that was forgotten on a shelf doesn't lock its owner out of the pages.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from backline.accounts import app_passwords_sql, tries
from backline.accounts.app_passwords import digest_of
from backline.accounts.app_passwords_sql import SealedRow
from backline.accounts.mailboxes import keys_of
from backline.accounts.presence import Presence
from backline.platform.actor import Actor, Shows
from backline.platform.database import Database
from backline.platform.errors import Unauthenticated
from backline.platform.remembered import Remembered
from backline.platform.secrets.sealing import Seal, SealFault, open_sealed

_log = structlog.get_logger()
_PEOPLE, _KEYS = 5_000, 25_000
_LONGEST_NAME = 400

_Opened = tuple[tuple[UUID, str], ...]


class AppSignIn:
    """The app passwords that this process has seen lately. Never logged."""

    def __init__(self, database: Database, seal: Seal, presence: Presence) -> None:
        self._database, self._seal, self._presence = database, seal, presence
        self._of_people: Remembered[str, _Opened] = Remembered(_PEOPLE)
        self._by_digest: Remembered[bytes, UUID] = Remembered(_KEYS)

    async def by_name(self, name: str, shows: Shows, *, address: str) -> Actor:
        """Whose app password `shows` says that it has been shown; `name` is an e-mail address.

        Raises:
            Unauthenticated: none of theirs, or there is no such account.
            TooMany: too many wrong ones came.
            Unavailable: it isn't known here and the database doesn't answer.
        """
        name = name.strip()[:_LONGEST_NAME]
        actor = await self._among(self._of_people.get(name) or (), shows)
        if actor is not None:
            return actor
        async with self._database.read() as read:
            found = self._opened(await app_passwords_sql.of_address(read, keys_of(name)))
        actor = await self._among(found, shows)
        if actor is None:
            await self._refused(name, address)
            raise Unauthenticated("The name and the app password don't fit together.")
        self._of_people.keep(name, found)
        return actor

    async def by_key(self, password: str, *, address: str) -> Actor:
        """Whose app password this is.

        Raises:
            Unauthenticated: nobody's (any more).
            TooMany: too many wrong ones came.
            Unavailable: it isn't known here and the database doesn't answer.
        """
        digest = digest_of(password)
        password_id = self._by_digest.get(digest)
        if password_id is None:
            async with self._database.read() as read:
                password_id = await app_passwords_sql.by_digest(read, digest)
        if password_id is not None:
            actor = await self._presence.of_app_password(password_id)
            if actor is not None:
                self._by_digest.keep(digest, password_id)
                return actor
            self._by_digest.forget(digest)
        await self._refused("", address)
        raise Unauthenticated("That is no app password (any more). Make a new one.")

    async def _among(self, opened: _Opened, shows: Shows) -> Actor | None:
        for password_id, password in opened:
            if shows(password):
                return await self._presence.of_app_password(password_id)
        return None

    def _opened(self, rows: Sequence[SealedRow]) -> _Opened:
        opened: list[tuple[UUID, str]] = []
        for row in rows:
            try:
                plain = open_sealed(self._seal, row.sealed, row.id.bytes)
            except SealFault as fault:
                _log.warning("app_password_lost", app_password=row.id.hex, reason=str(fault))
                continue
            opened.append((row.id, plain.decode()))
        return tuple(opened)

    async def _refused(self, name: str, address: str) -> None:
        """Count a wrong one, where that isn't one too many."""
        whose = f"app password of {name}"
        async with self._database.read() as read:
            tried = await tries.begin(read, whose, address)
        async with self._database.write() as tx:
            await tries.settle(tx, tried)
            await tries.note(tx, tried, is_right=False)
