"""The queries of the second factor."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from backline.platform.database import Write


class TotpRow(msgspec.Struct, frozen=True):
    """Somebody's secret, sealed, and the step of the code that was used last."""

    sealed: bytes
    last_step: int
    is_confirmed: bool


_LOCK = """
SELECT sealed, last_step, confirmed_at IS NOT NULL AS is_confirmed
FROM totp WHERE user_id = $1 FOR UPDATE
"""
_OFFER = """
INSERT INTO totp (user_id, sealed) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE
  SET sealed = excluded.sealed, last_step = 0, created_at = now()
  WHERE totp.confirmed_at IS NULL
"""
_USE = """
UPDATE totp SET last_step = $2, sealed = $3, confirmed_at = coalesce(confirmed_at, now())
WHERE user_id = $1
"""
_DELETE = "DELETE FROM totp WHERE user_id = $1"
_PRUNE = "DELETE FROM totp WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'"


async def lock(tx: Write, user_id: UUID) -> TotpRow | None:
    """Someone's secret, and nobody else looks at it until `tx` ends: codes come one by one."""
    return await tx.fetch_one(_LOCK, TotpRow, user_id)


async def offer(tx: Write, user_id: UUID, sealed: bytes) -> bool:
    """Keep a secret until it is confirmed; False where a confirmed one is there."""
    return await tx.execute(_OFFER, user_id, sealed) > 0


async def use(tx: Write, user_id: UUID, step: int, sealed: bytes) -> None:
    """Note the step of a code that was accepted; the first one turns the factor on."""
    await tx.execute(_USE, user_id, step, sealed)


async def delete(tx: Write, user_id: UUID) -> None:
    """Forget someone's secret and codes."""
    await tx.execute(_DELETE, user_id)
    await tx.execute(_DELETE_CODES, user_id)


async def prune(tx: Write) -> int:
    """Remove secrets that were offered a day ago and never confirmed."""
    return await tx.execute(_PRUNE)


_DELETE_CODES = "DELETE FROM recovery_codes WHERE user_id = $1"
_INSERT_CODE = "INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)"
_TAKE_CODE = "DELETE FROM recovery_codes WHERE user_id = $1 AND digest = ANY($2::bytea[])"


async def set_codes(tx: Write, user_id: UUID, digests: Iterable[bytes]) -> None:
    """Replace someone's recovery codes."""
    await tx.execute(_DELETE_CODES, user_id)
    await tx.execute_many(_INSERT_CODE, [(user_id, digest) for digest in digests])


async def take_code(tx: Write, user_id: UUID, digests: Sequence[bytes]) -> bool:
    """Use up the recovery code with one of these digests; False where there is none."""
    return await tx.execute(_TAKE_CODE, user_id, digests) > 0
