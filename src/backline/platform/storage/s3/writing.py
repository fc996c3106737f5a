"""The one writer of an upload whose bytes gather in S3 as immutable pieces.

A piece is sent while the next one comes in, so an upload holds two of them in memory at most.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

import obstore

from backline.platform.database import Database
from backline.platform.errors import NotFound, TooLarge, Unavailable
from backline.platform.storage.faces import Appended, BytesLost, Commit, Digest, Staged, Storage
from backline.platform.storage.gate import Gate, Incoming
from backline.platform.storage.s3 import sql
from backline.platform.storage.s3.calls import LONG_S, Client
from backline.platform.storage.s3.lease import Lease
from backline.platform.storage.s3.reader import get_part
from backline.platform.storage.s3.sql import Piece
from backline.platform.storage.threads import in_thread

PIECE_BYTES: Final = 8 << 20
# A slow stream sends what it has after a while, so that a crash loses little of it; so does
# everyone once many pieces gather in this process.
_SMALL_BYTES: Final = 1 << 20
_SMALL_AFTER_S: Final = 10.0
_HELD_BYTES: Final = 256 << 20
_TAKEN_OVER: Final = "This request stalled, and another one goes on with the upload."


class Held:
    """How much all uploads of this process hold in memory, in bytes."""

    def __init__(self) -> None:
        self.size_bytes = 0

    @property
    def is_much(self) -> bool:
        """Whether pieces should leave before they have their full size."""
        return self.size_bytes >= _HELD_BYTES


class S3Writing:
    """A staged upload that is leased to its one writer."""

    def __init__(
        self, client: Client, database: Database, lease: Lease, gate: Gate, held: Held
    ) -> None:
        self._client, self._database, self._lease = client, database, lease
        self._gate, self._held = gate, held

    async def append(
        self,
        offset: int,
        chunks: AsyncIterator[bytes],
        *,
        limit_bytes: int,
        commit: Commit | None = None,
        digest: Digest | None = None,
    ) -> Appended:
        """Write what the stream gives from `offset` on; what was there before is cut off.

        `commit(offset)` is called with each piece that is durable; the last offset is returned,
        for the caller to commit. A client that goes away ends the stream like any other end.

        Raises:
            BytesLost: there are fewer bytes than `offset`.
            TooLarge: more than `limit_bytes` came; they count from `offset`.
            Unavailable: S3 doesn't answer, or another one writes by now.
        """
        await self._cut(offset)
        stream = _Stream(self, offset, limit_bytes, commit, digest, self._held)
        incoming = Incoming(self._gate, self._lease.upload_id, chunks)
        try:
            async for chunk in incoming:
                stream.hold(chunk)
                if stream.is_due:
                    await stream.send()
            await stream.send()
            await stream.settle()
        finally:
            await stream.close()
        return Appended(stream.sent, incoming.fault)

    async def keep(self, key: str, size_bytes: int, *, into: Storage) -> Staged:
        """Put the pieces together under their final name, hashing them on the way.

        Raises:
            BytesLost: there are fewer bytes than `size_bytes`.
            Conflict: the key is taken.
            Unavailable: S3 doesn't answer.
        """
        await self._cut(size_bytes)
        sha256 = await assemble(
            self._client, self._database, self._lease.upload_id, key, into, self._lease
        )
        return Staged(self._lease.upload_id, size_bytes, sha256)

    async def put(self, start: int, data: bytes) -> None:
        """Make a piece durable and note it.

        Raises:
            Unavailable: S3 doesn't answer, or another one writes by now.
        """
        upload_id = self._lease.upload_id
        name = f"{folder_of(upload_id)}/{start:016d}-{uuid4().hex}"
        await self._client.call(
            "put piece",
            lambda: obstore.put_async(self._client.store, name, data, use_multipart=False),
            limit_s=LONG_S,
        )
        self._lease.check()
        piece = Piece(start, start + len(data), name)
        async with self._database.write() as tx:
            if not await sql.add(tx, upload_id, self._lease.writer, piece):
                raise Unavailable(_TAKEN_OVER)

    async def _cut(self, offset: int) -> None:
        upload_id = self._lease.upload_id
        async with self._database.write() as tx:
            if not await sql.cut(tx, upload_id, self._lease.writer, offset):
                raise Unavailable(_TAKEN_OVER)
            there = end_of(await sql.pieces(tx, upload_id))
        if there < offset:
            raise BytesLost(there)

    def check(self) -> None:
        """Go on only as the writer.

        Raises:
            Unavailable: another one writes by now.
        """
        self._lease.check()


class _Stream:
    """The bytes of one append between the network and S3. `sent` is how far they are durable."""

    def __init__(
        self,
        writing: S3Writing,
        offset: int,
        limit_bytes: int,
        commit: Commit | None,
        digest: Digest | None,
        held: Held,
    ) -> None:
        self.sent = offset
        self._writing, self._commit, self._digest = writing, commit, digest
        self._all, self._start, self._end = held, offset, offset + limit_bytes
        self._chunks: list[bytes] = []
        self._size_bytes = 0
        self._since_s = time.monotonic()
        self._sending: asyncio.Task[None] | None = None

    @property
    def is_due(self) -> bool:
        """Whether a piece should leave."""
        if self._size_bytes < _SMALL_BYTES:
            return False
        waited_s = time.monotonic() - self._since_s
        is_early = waited_s >= _SMALL_AFTER_S or self._all.is_much
        return is_early or self._size_bytes >= PIECE_BYTES

    def hold(self, chunk: bytes) -> None:
        """Take in a chunk.

        Raises:
            TooLarge: it goes past the limit.
        """
        if self._start + self._size_bytes + len(chunk) > self._end:
            raise TooLarge("More bytes came than were announced or are taken.")
        self._chunks.append(chunk)
        self._size_bytes += len(chunk)
        self._all.size_bytes += len(chunk)

    async def send(self) -> None:
        """Have what is held leave as a piece, once the one before it is durable."""
        await self.settle()
        self._since_s = time.monotonic()
        if self._chunks:
            data = b"".join(self._chunks)
            self._chunks, self._size_bytes = [], 0
            start, self._start = self._start, self._start + len(data)
            self._sending = asyncio.get_running_loop().create_task(self._send(start, data))

    async def settle(self) -> None:
        """Wait until what has left is durable.

        Raises:
            Unavailable: it couldn't be.
        """
        if self._sending is not None:
            await self._sending
            self._sending = None

    async def close(self) -> None:
        """Let go of what didn't get through."""
        self._all.size_bytes -= self._size_bytes
        if self._sending is not None:
            self._sending.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._sending

    async def _send(self, start: int, data: bytes) -> None:
        try:
            if self._digest is not None:
                await in_thread(self._digest.update, data)
            await self._writing.put(start, data)
            self.sent = start + len(data)
            if self._commit is not None:
                self._writing.check()
                await self._commit(self.sent)
        finally:
            self._all.size_bytes -= len(data)


async def assemble(
    client: Client,
    database: Database,
    upload_id: UUID,
    key: str,
    into: Storage,
    lease: Lease | None,
) -> str:
    """Put the pieces of an upload together under a key; the SHA-256 in hexadecimal.

    Raises:
        BytesLost: a piece is gone.
        Conflict: the key is taken.
        Unavailable: S3 doesn't answer, or another one writes by now.
    """
    async with database.read() as read:
        pieces = await sql.pieces(read, upload_id)
    sha256 = hashlib.sha256()

    async def bytes_of_all() -> AsyncGenerator[bytes]:
        ahead = _fetching(client, pieces[0]) if pieces else None
        try:
            for place, piece in enumerate(pieces):
                if ahead is None:
                    break
                try:
                    data = await ahead
                except NotFound:
                    raise BytesLost(piece.start_byte) from None
                is_last = place + 1 == len(pieces)
                ahead = None if is_last else _fetching(client, pieces[place + 1])
                await in_thread(sha256.update, data)
                if lease is not None:
                    lease.check()
                yield data
        finally:
            if ahead is not None:
                ahead.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await ahead

    await into.put_stream(key, bytes_of_all())
    return sha256.hexdigest()


def _fetching(client: Client, piece: Piece) -> asyncio.Task[bytes]:
    size_bytes = piece.end_byte - piece.start_byte

    async def fetch() -> bytes:
        _, data = await client.call(
            "read piece", lambda: get_part(client, piece.name, 0, size_bytes), limit_s=LONG_S
        )
        if len(data) != size_bytes:
            raise BytesLost(piece.start_byte)
        return data

    return asyncio.get_running_loop().create_task(fetch())


def end_of(pieces: list[Piece]) -> int:
    """Up to where an upload's bytes have come without a gap."""
    end = 0
    for piece in pieces:
        if piece.start_byte != end:
            break
        end = piece.end_byte
    return end


def folder_of(upload_id: UUID) -> str:
    """Below which prefix an upload's pieces lie."""
    return f"staging/{upload_id.hex}"
