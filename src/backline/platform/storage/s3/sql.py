"""The queries on uploads whose bytes gather in S3: who writes, and which pieces there are."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

# A crashed process holds an upload for this long at most.
LEASE_S = 20.0


class Piece(msgspec.Struct, frozen=True):
    """Bytes `start_byte` up to but without `end_byte` of an upload: the object `name` has them.

    The object may be longer than that: what is behind was cut off.
    """

    start_byte: int
    end_byte: int
    name: str


class Holder(msgspec.Struct, frozen=True):
    """The writer of an upload: for how long nothing has come, and whether another one waits."""

    stalled_s: float
    is_wanted: bool


_TAKE = """
INSERT INTO staged_uploads (id, writer, lease_until, moved_at, wanted)
VALUES ($1, $2, now() + $3 * interval '1 second', now(), false)
ON CONFLICT (id) DO UPDATE SET writer = excluded.writer, lease_until = excluded.lease_until,
  moved_at = excluded.moved_at, wanted = false
WHERE staged_uploads.lease_until < now()
"""
_RENEW = """
UPDATE staged_uploads SET lease_until = now() + $3 * interval '1 second',
  moved_at = now() - $4 * interval '1 second'
WHERE id = $1 AND writer = $2
RETURNING $4::float8 AS stalled_s, wanted AS is_wanted
"""
_GIVE_BACK = """
UPDATE staged_uploads SET lease_until = '-infinity', wanted = false WHERE id = $1 AND writer = $2
"""
_WANT = """
UPDATE staged_uploads SET wanted = true WHERE id = $1
RETURNING extract(epoch FROM now() - moved_at)::float8 AS stalled_s, wanted AS is_wanted
"""
_PIECES = """
SELECT start_byte, end_byte, name FROM staged_pieces WHERE upload_id = $1 ORDER BY start_byte
"""
# Nothing is added by a writer whose place another one has taken.
_ADD = """
INSERT INTO staged_pieces (upload_id, start_byte, end_byte, name)
SELECT id, $3, $4, $5 FROM staged_uploads WHERE id = $1 AND writer = $2 FOR UPDATE
"""
_MINE = "SELECT true FROM staged_uploads WHERE id = $1 AND writer = $2 FOR UPDATE"
_DROP = "DELETE FROM staged_pieces WHERE upload_id = $1 AND start_byte >= $2"
_SHORTEN = """
UPDATE staged_pieces SET end_byte = $2 WHERE upload_id = $1 AND start_byte < $2 AND end_byte > $2
"""
_FORGET = "DELETE FROM staged_uploads WHERE id = $1"
_IDLE = """
SELECT id FROM staged_uploads
WHERE moved_at < now() - $1 * interval '1 second' AND lease_until < now()
"""


async def take(tx: Write, upload_id: UUID, writer: UUID) -> bool:
    """Become the writer of an upload, unless there is one."""
    return await tx.execute(_TAKE, upload_id, writer, LEASE_S) > 0


async def renew(tx: Write, upload_id: UUID, writer: UUID, stalled_s: float) -> Holder | None:
    """Stay the writer; None where another one is."""
    return await tx.fetch_one(_RENEW, Holder, upload_id, writer, LEASE_S, stalled_s)


async def give_back(tx: Write, upload_id: UUID, writer: UUID) -> None:
    """Let the next one write."""
    await tx.execute(_GIVE_BACK, upload_id, writer)


async def want(tx: Write, upload_id: UUID) -> Holder | None:
    """Tell the writer that one waits; how it fares."""
    return await tx.fetch_one(_WANT, Holder, upload_id)


async def pieces(read: Read, upload_id: UUID) -> list[Piece]:
    """What has come, in its order."""
    return await read.fetch(_PIECES, Piece, upload_id)


async def add(tx: Write, upload_id: UUID, writer: UUID, piece: Piece) -> bool:
    """Note a piece that is durable; False where another one is the writer."""
    start, end = piece.start_byte, piece.end_byte
    return await tx.execute(_ADD, upload_id, writer, start, end, piece.name) > 0


async def cut(tx: Write, upload_id: UUID, writer: UUID, offset: int) -> bool:
    """Do without the bytes from `offset` on; False where another one is the writer."""
    if not await tx.fetch_value(_MINE, upload_id, writer):
        return False
    await tx.execute(_DROP, upload_id, offset)
    await tx.execute(_SHORTEN, upload_id, offset)
    return True


async def forget(tx: Write, upload_id: UUID) -> None:
    """Know nothing of an upload any more."""
    await tx.execute(_FORGET, upload_id)


async def idle(read: Read, older_than_s: float) -> Sequence[UUID]:
    """Uploads that nothing has come to for so long."""
    return await read.fetch_values(_IDLE, older_than_s)
