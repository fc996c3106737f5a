"""Invitations to projects: found by their tokens' hashes, and used up."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.accounts import MemberRank
from backline.platform.database import Read, Write

_FIELDS: Final = """owner_id, id, project_id, rank, email, uses, max_uses, created_at, expires_at"""


class InvitationRow(msgspec.Struct, frozen=True):
    """A row of `project_invitations` without its token."""

    owner_id: UUID
    id: UUID
    project_id: UUID
    rank: MemberRank
    email: str | None
    uses: int
    max_uses: int
    created_at: datetime
    expires_at: datetime


_OF_PROJECT: Final = f"""
SELECT {_FIELDS} FROM project_invitations
WHERE owner_id = $1 AND project_id = $2 AND expires_at > now() AND uses < max_uses ORDER BY id DESC
"""  # noqa: S608  # literals alone
_INSERT: Final = f"""
INSERT INTO project_invitations
  (owner_id, id, project_id, rank, email, max_uses, token_sha256, expires_at)
SELECT $1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8)
WHERE (SELECT count(*) FROM project_invitations
       WHERE owner_id = $1 AND project_id = $3 AND expires_at > now() AND uses < max_uses) < $9
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = """
DELETE FROM project_invitations WHERE owner_id = $1 AND id = $2 AND project_id = $3
"""
_BY_TOKEN: Final = f"""
SELECT {_FIELDS} FROM project_invitations
WHERE token_sha256 = $1 AND expires_at > now() AND uses < max_uses
"""  # noqa: S608  # literals alone
_USE: Final = f"""
UPDATE project_invitations SET uses = uses + 1
WHERE token_sha256 = $1 AND expires_at > now() AND uses < max_uses RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_PRUNE: Final = "DELETE FROM project_invitations WHERE expires_at < now()"
_END: Final = "DELETE FROM project_invitations WHERE owner_id = $1 AND project_id = $2"
_FORGET: Final = "DELETE FROM project_invitations WHERE owner_id = $1"


async def of_project(read: Read, owner_id: UUID, project_id: UUID) -> list[InvitationRow]:
    """The invitations to a project that still let somebody in, the newest first."""
    return await read.fetch(_OF_PROJECT, InvitationRow, owner_id, project_id)


async def insert(
    tx: Write, row: InvitationRow, digest: bytes, ttl_s: int, most: int
) -> InvitationRow | None:
    """Have a token count for `ttl_s`; None where `most` of the project's do already."""
    ids = (row.owner_id, row.id, row.project_id)
    said = (row.rank, row.email, row.max_uses)
    return await tx.fetch_one(_INSERT, InvitationRow, *ids, *said, digest, ttl_s, most)


async def delete(tx: Write, owner_id: UUID, invitation_id: UUID, project_id: UUID) -> bool:
    """Have a token count no more; False where there is none."""
    return await tx.execute(_DELETE, owner_id, invitation_id, project_id) > 0


async def by_token(read: Read, digest: bytes) -> InvitationRow | None:
    """The invitation of a token that counts."""
    return await read.fetch_one(_BY_TOKEN, InvitationRow, digest)


async def use(tx: Write, digest: bytes) -> InvitationRow | None:
    """Use a token once; None where it doesn't count, or no longer."""
    return await tx.fetch_one(_USE, InvitationRow, digest)


async def prune(tx: Write) -> None:
    """Remove those whose time has passed."""
    await tx.execute(_PRUNE)


async def end(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Remove all invitations to a project."""
    await tx.execute(_END, owner_id, project_id)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the invitations of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
