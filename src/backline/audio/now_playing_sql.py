"""The queries of what plays now, each a typed function."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

State = Literal["starting", "playing", "paused"]


class PlayingRow(msgspec.Struct, frozen=True):
    """What a player plays: told `elapsed_ms` ago, at `position_ms`.

    `heard_ms` is what was really played of it until then, `rate` how fast it is played.
    """

    player: str
    track_id: UUID
    key: str
    state: State
    position_ms: int
    rate: float
    heard_ms: int
    began_at: datetime
    elapsed_ms: int


_FIELDS: Final = """player, track_id, key, state, position_ms, rate, heard_ms, began_at,
  (extract(epoch FROM clock_timestamp() - told_at) * 1000)::bigint AS elapsed_ms"""
_OF_PLAYER: Final = f"""
SELECT {_FIELDS} FROM playing WHERE user_id = $1 AND player = $2 FOR UPDATE
"""  # noqa: S608  # literals alone
_ALL: Final = f"""
SELECT {_FIELDS} FROM playing WHERE user_id = $1 ORDER BY told_at DESC, player
"""  # noqa: S608  # literals alone
_SAVE: Final = """
INSERT INTO playing (user_id, player, track_id, key, state, position_ms, rate, heard_ms, began_at,
  told_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
ON CONFLICT (user_id, player) DO UPDATE SET track_id = excluded.track_id, key = excluded.key,
  state = excluded.state, position_ms = excluded.position_ms, rate = excluded.rate,
  heard_ms = excluded.heard_ms, began_at = excluded.began_at, told_at = excluded.told_at
"""
_END: Final = "DELETE FROM playing WHERE user_id = $1 AND player = $2"
_TRIM: Final = """
DELETE FROM playing WHERE user_id = $1 AND player NOT IN (
  SELECT player FROM playing WHERE user_id = $1 ORDER BY told_at DESC, player LIMIT $2)
"""
_FORGET: Final = "DELETE FROM playing WHERE user_id = $1"


async def of_player(tx: Write, user_id: UUID, player: str) -> PlayingRow | None:
    """What a player was said to play; nobody else says otherwise until `tx` ends."""
    return await tx.fetch_one(_OF_PLAYER, PlayingRow, user_id, player)


async def everything(read: Read, user_id: UUID) -> list[PlayingRow]:
    """What somebody's players were said to play, the one told last first."""
    return await read.fetch(_ALL, PlayingRow, user_id)


async def save(tx: Write, user_id: UUID, row: PlayingRow) -> None:
    """Keep what a player plays, as told at this moment."""
    told = (row.state, row.position_ms, row.rate, row.heard_ms, row.began_at)
    await tx.execute(_SAVE, user_id, row.player, row.track_id, row.key, *told)


async def trim(tx: Write, user_id: UUID, most: int) -> None:
    """Keep the players that were heard of last, so many of them."""
    await tx.execute(_TRIM, user_id, most)


async def end(tx: Write, user_id: UUID, player: str) -> None:
    """The player plays nothing any more."""
    await tx.execute(_END, user_id, player)


async def forget(tx: Write, user_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    await tx.execute(_FORGET, user_id)
