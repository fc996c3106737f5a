"""Invitations to playlists: found by their tokens' hashes, and used up."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

_FIELDS: Final = "owner_id, id, playlist_id, rank, uses, max_uses, created_at, expires_at"
_COUNTS: Final = "expires_at > now() AND uses < max_uses"


class InvitationRow(msgspec.Struct, frozen=True):
    """A row of `playlist_invitations` without its token."""

    owner_id: UUID
    id: UUID
    playlist_id: UUID
    rank: Literal["editor", "viewer"]
    uses: int
    max_uses: int
    created_at: datetime
    expires_at: datetime


_OF_PLAYLIST: Final = f"""
SELECT {_FIELDS} FROM playlist_invitations
WHERE owner_id = $1 AND playlist_id = $2 AND {_COUNTS} ORDER BY id DESC
"""  # noqa: S608  # literals alone
_INSERT: Final = f"""
INSERT INTO playlist_invitations
  (owner_id, id, playlist_id, rank, max_uses, token_sha256, expires_at)
SELECT $1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)
WHERE (SELECT count(*) FROM playlist_invitations
       WHERE owner_id = $1 AND playlist_id = $3 AND {_COUNTS}) < $8
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = """
DELETE FROM playlist_invitations WHERE owner_id = $1 AND id = $2 AND playlist_id = $3
"""
_BY_TOKEN: Final = f"""
SELECT {_FIELDS} FROM playlist_invitations WHERE token_sha256 = $1 AND {_COUNTS}
"""  # noqa: S608  # literals alone
_USE: Final = f"""
UPDATE playlist_invitations SET uses = uses + 1 WHERE token_sha256 = $1 AND {_COUNTS}
"""  # noqa: S608  # literals alone
_PRUNE: Final = "DELETE FROM playlist_invitations WHERE expires_at < now()"


async def of_playlist(read: Read, owner_id: UUID, playlist_id: UUID) -> list[InvitationRow]:
    """Those to a playlist that count, the newest first."""
    return await read.fetch(_OF_PLAYLIST, InvitationRow, owner_id, playlist_id)


async def insert(
    tx: Write, row: InvitationRow, digest: bytes, ttl_s: int, most: int
) -> InvitationRow | None:
    """Have a token count for `ttl_s`; None where `most` of the playlist's do already."""
    ids = (row.owner_id, row.id, row.playlist_id)
    said = (row.rank, row.max_uses, digest, ttl_s, most)
    return await tx.fetch_one(_INSERT, InvitationRow, *ids, *said)


async def delete(tx: Write, owner_id: UUID, invitation_id: UUID, playlist_id: UUID) -> bool:
    """Have a token count no more; False where there is none."""
    return await tx.execute(_DELETE, owner_id, invitation_id, playlist_id) > 0


async def by_token(read: Read, digest: bytes) -> InvitationRow | None:
    """The invitation of a token that counts."""
    return await read.fetch_one(_BY_TOKEN, InvitationRow, digest)


async def use(tx: Write, digest: bytes) -> bool:
    """Use a token once; False where it doesn't count, or no longer."""
    return await tx.execute(_USE, digest) > 0


async def prune(tx: Write) -> None:
    """Remove those whose time has passed."""
    await tx.execute(_PRUNE)
