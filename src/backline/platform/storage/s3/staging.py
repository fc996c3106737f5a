"""Where uploads gather in S3 until they are whole, so that any process can go on with them.

Bytes lie in the bucket as immutable pieces; which of them count, and who may add to them, the
database knows. This machine's disk isn't needed.
"""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from backline.platform.database import Database
from backline.platform.errors import BacklineError
from backline.platform.host.disk import check_room
from backline.platform.ids import uuid7
from backline.platform.storage.faces import Staged, Storage
from backline.platform.storage.gate import Gate
from backline.platform.storage.s3 import sql
from backline.platform.storage.s3.calls import Client
from backline.platform.storage.s3.lease import leased
from backline.platform.storage.s3.listing import listed, remove_all
from backline.platform.storage.s3.writing import Held, S3Writing, assemble, folder_of

_SWEEP_AGE_S: Final = 24 * 3600.0
_STALLED_S: Final = 3.0


class S3Staging:
    """The uploads of an installation, each with one writer among all of its processes."""

    def __init__(
        self,
        client: Client,
        database: Database,
        folder: Path,
        floor_bytes: int,
        *,
        stalled_s: float = _STALLED_S,
    ) -> None:
        self._client, self._database = client, database
        self._folder, self._floor_bytes = folder, floor_bytes
        self._stalled_s = stalled_s
        self._gate, self._held = Gate(), Held()

    def prepare(self) -> None:
        """Make the folder whose disk is looked at (blocking: call it before the loop runs)."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)

    def close(self) -> None:
        """End all streams that are under way, keeping what has come; new ones are refused."""
        self._gate.close()

    def check_room(self, need_bytes: int) -> None:
        """Refuse everything while this machine's disk is below the floor, whatever its size.

        An upload takes nothing of it, but its rows and its rendering do.

        Raises:
            DiskFull: it is.
        """
        del need_bytes
        check_room(self._folder, 0, self._floor_bytes)

    @asynccontextmanager
    async def writing(self, upload_id: UUID) -> AsyncGenerator[S3Writing]:
        """Be the only writer of an upload for a while, among all processes.

        One that is killed is in the way for 20 s at most; one to which nothing has come for 3 s
        makes way.

        Raises:
            Locked: someone else is writing to it.
        """
        async with leased(self._database, self._gate, upload_id, self._stalled_s) as lease:
            yield S3Writing(self._client, self._database, lease, self._gate, self._held)

    async def stage(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> Staged:
        """Take in a whole file in one go, hashing it on the way; if that fails, nothing stays.

        Raises:
            TooLarge: more than `limit_bytes` came.
            DiskFull: the disk is below the floor.
            ClientGone: the stream broke off.
            Unavailable: the server is stopping, or S3 doesn't answer.
        """
        self.check_room(0)
        upload_id, sha256 = uuid7(), hashlib.sha256()
        try:
            async with self.writing(upload_id) as writing:
                done = await writing.append(0, chunks, limit_bytes=limit_bytes, digest=sha256)
        except BaseException:
            await self._give_up(upload_id)
            raise
        if done.fault is not None:
            await self._give_up(upload_id)
            raise done.fault
        return Staged(upload_id, done.offset, sha256.hexdigest())

    async def keep(self, staged: Staged, key: str, *, into: Storage) -> None:
        """Put the pieces of a whole staged file together under their final name.

        Raises:
            Conflict: the key is taken.
            BytesLost: a piece is gone, or isn't any more what came.
            Unavailable: S3 doesn't answer.
        """
        await assemble(self._client, self._database, staged.id, key, into, None)

    async def _give_up(self, upload_id: UUID) -> None:
        with suppress(BacklineError):  # then it is the sweep's
            await self.discard(upload_id)

    async def discard(self, upload_id: UUID) -> None:
        """Remove an upload's bytes; none is no fault."""
        async with self._database.write() as tx:
            await sql.forget(tx, upload_id)
        await remove_all(
            self._client,
            [found["path"] async for found in listed(self._client, folder_of(upload_id))],
        )

    async def idle_ids(self, older_than_s: float = _SWEEP_AGE_S) -> list[UUID]:
        """Uploads that nothing has come to for a while, also those that only the bucket knows."""
        before = datetime.now(UTC) - timedelta(seconds=older_than_s)
        latest: dict[UUID, datetime] = {}
        async for found in listed(self._client, "staging"):
            with suppress(ValueError, IndexError):
                upload_id = UUID(hex=found["path"].split("/")[1])
                modified_at = found["last_modified"]
                latest[upload_id] = max(latest.get(upload_id, modified_at), modified_at)
        async with self._database.read() as read:
            idle = set(await sql.idle(read, older_than_s))
        return sorted(idle | {one for one, modified_at in latest.items() if modified_at < before})
