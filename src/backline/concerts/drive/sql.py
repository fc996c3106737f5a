"""Connections to Drive, consents under way, and how far the lists of each Drive are."""

from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class ConnectionRow(msgspec.Struct, frozen=True):
    """Somebody's connection; `token` is sealed, `fault` why it has to be made anew."""

    owner_id: UUID
    source_id: UUID
    address: str
    name: str
    may_read: bool
    token: bytes
    fault: str | None

    def __repr__(self) -> str:
        return f"ConnectionRow({self.owner_id})"


class SealedRow(msgspec.Struct, frozen=True):
    """A token that an older root sealed."""

    owner_id: UUID
    token: bytes


class ListsRow(msgspec.Struct, frozen=True):
    """How far the lists of a Drive are, see the table."""

    changes_token: str | None
    listing: UUID | None
    start_token: str | None
    page_token: str | None


_CONNECTION: Final = """
SELECT owner_id, source_id, address, name, may_read, token, fault FROM drive_connections
WHERE owner_id = $1
"""
_LOCK: Final = f"{_CONNECTION} FOR NO KEY UPDATE"
_CONNECT: Final = """
INSERT INTO drive_connections (owner_id, source_id, address, name, may_read, token)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (owner_id) DO UPDATE SET source_id = excluded.source_id, address = excluded.address,
  name = excluded.name, may_read = excluded.may_read, token = excluded.token, fault = NULL,
  connected_at = now()
"""
_SOURCE: Final = """
INSERT INTO photo_sources (owner_id, id, kind, path, name) VALUES ($1, $2, 'drive', $3, $4)
ON CONFLICT (owner_id, kind, path) DO UPDATE SET name = excluded.name RETURNING id
"""
_DISCONNECT: Final = "DELETE FROM drive_connections WHERE owner_id = $1 RETURNING token"
_FAIL: Final = """
UPDATE drive_connections SET fault = $3
WHERE owner_id = $1 AND token = $2 AND fault IS DISTINCT FROM $3
"""
_SET_MAY_READ: Final = """
UPDATE drive_connections SET may_read = $3 WHERE owner_id = $1 AND token = $2 AND may_read <> $3
"""
_STARRED: Final = """
SELECT id FROM photos WHERE owner_id = $1 AND source_id = $2 AND source = 'drive' AND starred
  AND original_id IS NULL AND deleted_at IS NULL LIMIT $3
"""
_SEALED_BEFORE: Final = """
SELECT owner_id, token FROM drive_connections
WHERE owner_id > $1 AND NOT starts_with(encode(token, 'escape'), $2)
ORDER BY owner_id LIMIT $3 FOR UPDATE
"""
_RESEAL: Final = "UPDATE drive_connections SET token = $2 WHERE owner_id = $1"


async def connection(read: Read, owner_id: UUID) -> ConnectionRow | None:
    """Somebody's connection."""
    return await read.fetch_one(_CONNECTION, ConnectionRow, owner_id)


async def lock(tx: Write, owner_id: UUID) -> ConnectionRow | None:
    """Somebody's connection, for `tx` alone."""
    return await tx.fetch_one(_LOCK, ConnectionRow, owner_id)


async def connect(
    tx: Write,
    owner_id: UUID,
    source_id: UUID,
    *,
    address: str,
    name: str,
    may_read: bool,
    token: bytes,
) -> None:
    """Keep a connection in place of an earlier one."""
    await tx.execute(_CONNECT, owner_id, source_id, address, name, may_read, token)


async def source(tx: Write, owner_id: UUID, new_id: UUID, account_id: str, name: str) -> UUID:
    """The id of a Drive among somebody's sources, which it is from now on."""
    return await tx.fetch_value(_SOURCE, owner_id, new_id, account_id, name)


async def disconnect(tx: Write, owner_id: UUID) -> bytes | None:
    """Forget a connection; its sealed token."""
    return await tx.fetch_value(_DISCONNECT, owner_id)


async def fail(tx: Write, owner_id: UUID, token: bytes, fault: str) -> bool:
    """Note that this token counts no more; False where another has taken its place."""
    return await tx.execute(_FAIL, owner_id, token, fault) > 0


async def set_may_read(tx: Write, owner_id: UUID, token: bytes, *, may_read: bool) -> bool:
    """Note what this token is good for; False where that was known, or another is in its place."""
    return await tx.execute(_SET_MAY_READ, owner_id, token, may_read) > 0


async def starred(read: Read, owner_id: UUID, source_id: UUID, limit: int) -> list[UUID]:
    """Photos of a Drive that have a star, and no copy here."""
    return await read.fetch_values(_STARRED, owner_id, source_id, limit)


async def sealed_before(tx: Write, after: UUID, newest: str, limit: int) -> list[SealedRow]:
    """Tokens that another root than `newest` sealed."""
    return await tx.fetch(_SEALED_BEFORE, SealedRow, after, f"{newest}:", limit)


async def reseal(tx: Write, owner_id: UUID, token: bytes) -> None:
    """Keep the same token under another root."""
    await tx.execute(_RESEAL, owner_id, token)


_AGREE: Final = """
INSERT INTO drive_consents (owner_id, session_id, state_digest, verifier, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
ON CONFLICT (owner_id) DO UPDATE SET session_id = excluded.session_id,
  state_digest = excluded.state_digest, verifier = excluded.verifier,
  expires_at = excluded.expires_at
"""
_AGREED: Final = """
DELETE FROM drive_consents
WHERE owner_id = $1 AND session_id = $2 AND state_digest = $3 AND expires_at > now()
RETURNING verifier
"""
_PRUNE: Final = "DELETE FROM drive_consents WHERE expires_at < now()"


async def agree(
    tx: Write, owner_id: UUID, session_id: UUID, digest: bytes, verifier: bytes, good_s: float
) -> None:
    """Note that somebody is asked to agree, in place of an earlier time."""
    await tx.execute(_AGREE, owner_id, session_id, digest, verifier, good_s)


async def agreed(tx: Write, owner_id: UUID, session_id: UUID, digest: bytes) -> bytes | None:
    """The sealed verifier of who was asked, once; None where nobody was, or elsewhere."""
    return await tx.fetch_value(_AGREED, owner_id, session_id, digest)


async def prune(tx: Write) -> None:
    """Drop consents that nobody came back with."""
    await tx.execute(_PRUNE)


_LISTS: Final = """
SELECT changes_token, listing, start_token, page_token FROM drive_lists
WHERE owner_id = $1 AND source_id = $2
"""
_KNOW: Final = """
INSERT INTO drive_lists (owner_id, source_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_BEGIN: Final = """
UPDATE drive_lists SET listing = $3, start_token = $4, page_token = NULL, changes_token = NULL
WHERE owner_id = $1 AND source_id = $2
"""
_TURN: Final = "UPDATE drive_lists SET page_token = $3 WHERE owner_id = $1 AND source_id = $2"
_END: Final = """
UPDATE drive_lists SET changes_token = start_token, listing = NULL, start_token = NULL,
  page_token = NULL
WHERE owner_id = $1 AND source_id = $2
"""
_GO_ON: Final = "UPDATE drive_lists SET changes_token = $3 WHERE owner_id = $1 AND source_id = $2"


async def lists(read: Read, owner_id: UUID, source_id: UUID) -> ListsRow | None:
    """How far the lists of a Drive are; None where nobody has begun."""
    return await read.fetch_one(_LISTS, ListsRow, owner_id, source_id)


async def begin_list(
    tx: Write, owner_id: UUID, source_id: UUID, listing: UUID, start_token: str
) -> None:
    """Begin a whole list; changes go on from `start_token` once it is done."""
    await tx.execute(_KNOW, owner_id, source_id)
    await tx.execute(_BEGIN, owner_id, source_id, listing, start_token)


async def turn_page(tx: Write, owner_id: UUID, source_id: UUID, token: str | None) -> None:
    """Go on with the next page of the whole list; None is the first."""
    await tx.execute(_TURN, owner_id, source_id, token)


async def end_list(tx: Write, owner_id: UUID, source_id: UUID) -> None:
    """The whole list is done: from now on, changes are enough."""
    await tx.execute(_END, owner_id, source_id)


async def go_on(tx: Write, owner_id: UUID, source_id: UUID, changes_token: str | None) -> None:
    """Go on with changes from a token; None: a whole list is needed."""
    await tx.execute(_GO_ON, owner_id, source_id, changes_token)


_FORGET_CONSENTS: Final = "DELETE FROM drive_consents WHERE owner_id = $1"
_FORGET_LISTS: Final = "DELETE FROM drive_lists WHERE owner_id = $1"


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove what somebody who is gone had, but for the connection."""
    await tx.execute(_FORGET_CONSENTS, owner_id)
    await tx.execute(_FORGET_LISTS, owner_id)
