"""Room for a form whose file is on its way: charged before its bytes are staged, never after.

It is a row of `uploads` that nobody resumes, so that a crash leaves no charge behind: it expires.
"""

from typing import Any, Final
from uuid import UUID

from backline import accounts
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import NotFound, OutOfSpace
from backline.platform.ids import uuid7
from backline.platform.storage.takes import Takes
from backline.uploads import sql
from backline.uploads.intake import Intake, check_again

# Asked for ahead where the length wasn't announced, so that a form takes few transactions.
_STEP_BYTES: Final = 16 << 20


class Reservation:
    """What one form may stage, out of the quota of whose it is to be. `end` it, come what may."""

    def __init__(
        self, intake: Intake, takes: Takes[Any], actor: Actor, subject: UUID | None
    ) -> None:
        self._database, self._quota_bytes = intake.database, intake.takers.quota_bytes
        self._takes, self._actor, self._subject = takes, actor, subject
        self._id, self._held_bytes = uuid7(), 0
        self.owner_id = actor.user_id  # until it is known

    async def begin(self, at_most_bytes: int, at_least_bytes: int) -> None:
        """Hold what may come, or where that is too much what will; it is never nothing.

        Raises:
            BacklineError: the sender may not add it.
            OutOfSpace: it passes the quota.
        """
        try:
            await self._begin(max(at_most_bytes, 1))
        except OutOfSpace:
            await self._begin(max(at_least_bytes, 1))

    async def _begin(self, expected_bytes: int) -> None:
        async with self._database.write() as tx:
            self.owner_id = await self._takes.owner(tx, self._actor, self._subject)
            await accounts.charge(tx, self.owner_id, expected_bytes, self._quota_bytes)
            await sql.insert_upload(
                tx,
                self._id,
                self._actor.user_id,
                kind=self._takes.kind,
                subject=self._subject,
                payer_id=self.owner_id,
                filename="",
                content_type="",
                length_bytes=expected_bytes,
            )
        self._held_bytes = expected_bytes

    async def hold(self, total_bytes: int) -> None:
        """Have at least `total_bytes` held.

        Raises:
            OutOfSpace: they pass the quota.
            NotFound: the account has gone meanwhile.
        """
        more_bytes = total_bytes - self._held_bytes
        if more_bytes <= 0:
            return
        try:
            await self._extend(max(more_bytes, _STEP_BYTES))
        except OutOfSpace:
            await self._extend(more_bytes)

    async def settle(self, tx: Write, size_bytes: int) -> None:
        """Charge what came in place of what was held, if the sender still may add it.

        Raises:
            BacklineError: they may not any more.
            OutOfSpace: it passes the quota.
        """
        await check_again(tx, self._takes, self._actor, self._subject, self.owner_id)
        ended = await sql.delete(tx, self._id, self._actor.user_id)
        if ended is not None and ended.charged_bytes > size_bytes:
            await accounts.release(tx, self.owner_id, ended.charged_bytes - size_bytes)
        else:
            held_bytes = 0 if ended is None else ended.charged_bytes
            more_bytes = size_bytes - held_bytes
            await accounts.charge(tx, self.owner_id, more_bytes, self._quota_bytes)

    def is_settled(self) -> None:
        """The transaction of `settle` is committed: there is nothing left to end."""
        self._held_bytes = 0

    async def end(self) -> None:
        """Give back what is still held; again is allowed."""
        if self._held_bytes == 0:
            return
        async with self._database.write() as tx:
            ended = await sql.delete(tx, self._id, self._actor.user_id)
            if ended is not None:
                await accounts.release(tx, self.owner_id, ended.charged_bytes)
        self._held_bytes = 0

    async def _extend(self, more_bytes: int) -> None:
        async with self._database.write() as tx:
            await accounts.charge(tx, self.owner_id, more_bytes, self._quota_bytes)
            if not await sql.extend(tx, self._id, self._actor.user_id, more_bytes):
                raise NotFound("This upload was given up meanwhile. Please begin it again.")
        self._held_bytes += more_bytes
