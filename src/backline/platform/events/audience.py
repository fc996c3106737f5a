"""Who hears of what is shared: of what each listener is a member, as far as it is known here.

What was read holds while the person's memberships weren't invalidated, and while this process is
in touch with the database; otherwise it is read again before anything is judged by it.
"""

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.cache import memberships_tag
from backline.platform.cache.watch import TRUST_S, Watch
from backline.platform.database import Database, Read
from backline.platform.remembered import Remembered

_LISTENERS: Final = 10_000
# The ids of all containers that somebody is a member of.
Memberships = Callable[[Read, UUID], Awaitable[Collection[UUID]]]


class _Known(msgspec.Struct, frozen=True):
    containers: frozenset[UUID]
    since: int
    until_s: float


class Audience:
    """What this process knows of those who listen here; `watch` tells what has changed."""

    def __init__(self, database: Database, watch: Watch, memberships: Memberships) -> None:
        self._database, self._watch, self._memberships = database, watch, memberships
        self._known: Remembered[UUID, _Known] = Remembered(_LISTENERS)

    def known(self, user_id: UUID) -> frozenset[UUID] | None:
        """What somebody is a member of; None where that has to be asked."""
        known = self._known.get(user_id)
        if known is None:
            return None
        tags = self._watch.tags
        if not tags.hold(tags.slots([memberships_tag(user_id.hex)]), known.since):
            return None
        if time.monotonic() >= max(known.until_s, self._watch.trusted_until_s):
            return None
        return known.containers

    async def ask(self, user_id: UUID) -> frozenset[UUID]:
        """What somebody is a member of.

        Raises:
            Unavailable: it isn't known, and the database doesn't answer.
        """
        known = self.known(user_id)
        if known is not None:
            return known
        since, until_s = self._watch.tags.number, time.monotonic() + TRUST_S
        async with self._database.read() as read:
            containers = frozenset(await self._memberships(read, user_id))
        self._known.keep(user_id, _Known(containers, since, until_s))
        return containers
