"""What plays at this moment on somebody's players, as they tell it; nobody else sees it."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import now_playing_sql, plays, sql, tracks
from backline.audio.models import TrackRow
from backline.audio.now_playing_sql import PlayingRow, State
from backline.audio.plays import PlayForm
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.ids import uuid7

MOST_PLAYERS: Final = 20
_NAME_LETTERS: Final = 100
_MOST_MS: Final = 2**31 - 1
_PAST_THE_END_MS: Final = 60_000
_GIVEN_UP_MS: Final = 3_600_000


class Playing(msgspec.Struct, frozen=True):
    """A track that plays on a player of that name, or is paused there; told `elapsed_ms` ago.

    `position_ms` is where it is by now.
    """

    track: TrackRow
    player: str
    state: State
    position_ms: int
    rate: float
    elapsed_ms: int


class Report(msgspec.Struct, frozen=True):
    """How a track plays: where it is, in milliseconds, and how fast, 1.0 being its own tempo.

    `starting` begins another play of it; `counts` says whether this play counts once it was long
    enough, or the player tells that otherwise.
    """

    track_id: UUID
    state: State
    position_ms: int
    rate: float = 1.0
    counts: bool = True


async def report(tx: Write, actor: Actor, player: str, told: Report) -> None:
    """Keep what a player plays, and count it once enough of it was heard (`plays.tell`).

    Heard is what lies between two reports, at most as much as there was time for: who seeks hears
    nothing of what they pass.

    Raises:
        NotFound: there is no such track, or it is someone else's.
    """
    track = await tracks.get(tx, actor, told.track_id)
    name = player[:_NAME_LETTERS]
    before = await now_playing_sql.of_player(tx, actor.user_id, name)
    if before is None or before.track_id != told.track_id or told.state == "starting":
        key, began_at, heard_ms = uuid7().hex, datetime.now(UTC), 0
    else:
        key, began_at, heard_ms = before.key, before.began_at, _heard_ms(before, told)
    row = PlayingRow(
        player=name,
        track_id=told.track_id,
        key=key,
        state=told.state,
        position_ms=told.position_ms,
        rate=told.rate,
        heard_ms=heard_ms,
        began_at=began_at,
        elapsed_ms=0,
    )
    await now_playing_sql.save(tx, actor.user_id, row)
    if before is None:
        await now_playing_sql.trim(tx, actor.user_id, MOST_PLAYERS)
    if told.counts:
        await _count(tx, actor, track, row)


async def stop(tx: Write, actor: Actor, player: str, told: Report) -> None:
    """A player plays nothing any more: `told` is where it was, of which the state says nothing.

    Raises:
        NotFound: there is no such track, or it is someone else's.
    """
    track = await tracks.get(tx, actor, told.track_id)
    name = player[:_NAME_LETTERS]
    before = await now_playing_sql.of_player(tx, actor.user_id, name)
    if before is None or before.track_id != told.track_id:
        return  # it plays something else by now
    if told.counts:
        heard = msgspec.structs.replace(before, heard_ms=_heard_ms(before, told))
        await _count(tx, actor, track, heard)
    await now_playing_sql.end(tx, actor.user_id, name)


async def current(read: Read, actor: Actor) -> list[Playing]:
    """What plays on the actor's players, the one that was heard of last first.

    A player that says no more has stopped: a minute after the track's end, or after an hour where
    it is paused.
    """
    rows = await now_playing_sql.everything(read, actor.user_id)
    found = await sql.tracks_of(read, actor.user_id, [row.track_id for row in rows])
    known = {track.id: track for track in found}
    return [
        playing
        for row in rows
        if row.track_id in known and (playing := _by_now(row, known[row.track_id])) is not None
    ]


def _by_now(row: PlayingRow, track: TrackRow) -> Playing | None:
    position_ms = row.position_ms
    if row.state != "paused":
        position_ms += int(row.elapsed_ms * row.rate)
    length_ms = track.duration_ms
    if length_ms is None or row.state == "paused":
        is_over = row.elapsed_ms > _GIVEN_UP_MS
    else:
        is_over = position_ms > length_ms + _PAST_THE_END_MS
    if is_over:
        return None
    if length_ms is not None:
        position_ms = min(position_ms, length_ms)
    return Playing(track, row.player, row.state, position_ms, row.rate, row.elapsed_ms)


def _heard_ms(before: PlayingRow, told: Report) -> int:
    """How much of the track was really played, with what was since the report before."""
    if before.state == "paused":
        return before.heard_ms
    passed_ms = told.position_ms - before.position_ms
    at_most_ms = int(before.elapsed_ms * before.rate)
    return min(before.heard_ms + max(0, min(passed_ms, at_most_ms)), _MOST_MS)


async def _count(tx: Write, actor: Actor, track: TrackRow, row: PlayingRow) -> None:
    if track.duration_ms is not None and row.heard_ms > 0:
        form = PlayForm(row.track_id, row.key, row.began_at, row.heard_ms)
        await plays.tell(tx, actor, form)
