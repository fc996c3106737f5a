"""Tracks that are there more than once: grouped, with what tells them apart and which is the best.

Nothing here changes anything: which one is kept a person says (`merging`).
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import duplicates_sql as sql
from backline.audio import tracks
from backline.audio.duplicates_sql import DuplicateRow
from backline.audio.models import Track
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.host.folders import shown as shown_path
from backline.platform.media.signing import MediaSigner

By = Literal["sound", "song"]
_LOSSLESS: Final = frozenset(
    {"flac", "alac", "wavpack", "ape", "tta", "mlp", "truehd", "tak", "als"}
)
_NEAR: Final = 1.05  # bitrates this close are the same


class Duplicate(msgspec.Struct, frozen=True):
    """One of several: `codec` is of its file where known, `bitrate_kbps` the mean over its length.

    `path` is where its file lies, if that is a folder on the server: then the file stays there,
    whatever is done here. `entries` is how often it stands in playlists.
    """

    track: Track
    codec: str
    is_lossless: bool
    bitrate_kbps: int | None
    path: str | None
    entries: int


class DuplicateGroup(msgspec.Struct, frozen=True):
    """Tracks that are probably one: at most twenty of `track_count`.

    `best_because` says in words why the track `best_id` is suggested.
    """

    by: By
    track_count: int
    best_id: UUID
    best_because: str
    items: list[Duplicate]


class DuplicatePage(msgspec.Struct, frozen=True):
    """A page of groups."""

    items: list[DuplicateGroup]
    next_cursor: str | None = None


Rows = list[DuplicateRow]

_Digest = Annotated[str, Meta(pattern=r"^(?:[0-9a-f]{2}){0,64}$(?!\n)")]
KEYS: Final[dict[By, Any]] = {"sound": tuple[_Digest, int], "song": tuple[UUID, int]}
"""What a cursor holds: `place` of a group."""


async def page(
    read: Read, actor: Actor, by: By, *, after: tuple[str | UUID, int] | None, limit: int
) -> list[Rows]:
    """A page of the actor's groups, each with its tracks, the oldest first.

    By `sound` the files sound the same to the bit; by `song` they have one title, one artist and
    nearly one length, and not all one sound.
    """
    query = sql.by_sound if by == "sound" else sql.by_song
    rows = await query(read, actor.user_id, after, limit)
    return [list(group) for _, group in groupby(rows, key=lambda row: (row.key, row.part))]


def place(rows: Rows) -> tuple[str, int]:
    """What a cursor remembers of a group."""
    return rows[0].key, rows[0].part


def shown_all(groups: Sequence[Rows], by: By, signer: MediaSigner) -> list[DuplicateGroup]:
    """Groups as they are answered."""
    made: list[DuplicateGroup] = []
    for rows in groups:
        listed = [
            _shown(row, track)
            for row, track in zip(rows, tracks.shown_all(rows, signer), strict=True)
        ]
        best, because = suggested(listed)
        made.append(DuplicateGroup(by, rows[0].number, best.track.id, because, listed))
    return made


def suggested(items: Sequence[Duplicate]) -> tuple[Duplicate, str]:
    """Which one to keep, and why: what sounds best, then what is used, then what came first."""
    best = items[0]
    because = "It was here first."
    for one in items[1:]:
        reason = _better(one, best)
        if reason is not None:
            best, because = one, reason
        elif because == "It was here first.":
            because = _better(best, one) or because
    return best, because


def _better(one: Duplicate, other: Duplicate) -> str | None:
    """Why one is to be preferred to another; None where it isn't."""
    if one.is_lossless != other.is_lossless:
        return "It is lossless." if one.is_lossless else None
    bitrates = one.bitrate_kbps or 0, other.bitrate_kbps or 0
    if not one.is_lossless and bitrates[0] > bitrates[1] * _NEAR:
        return "It has the highest bitrate."
    if not one.is_lossless and bitrates[1] > bitrates[0] * _NEAR:
        return None
    for reason, mine, theirs in (
        ("It has been played the most.", one.track.play_count, other.track.play_count),
        ("It stands in more playlists.", one.entries, other.entries),
        ("Its tags say more.", _said(one.track), _said(other.track)),
    ):
        if mine != theirs:
            return reason if mine > theirs else None
    return None


def _said(track: Track) -> int:
    return sum(
        map(
            bool,
            (track.album, track.genre, track.year, track.track_number, track.cover is not None),
        )
    )


def _shown(row: DuplicateRow, track: Track) -> Duplicate:
    seconds = (row.duration_ms or 0) / 1000
    path = None
    if row.root is not None and row.path is not None:
        path = f"{row.root}/{shown_path(row.path)}"
    return Duplicate(
        track,
        row.codec,
        row.codec in _LOSSLESS or row.codec.startswith("pcm_"),
        round(row.size_bytes * 8 / seconds / 1000) if seconds else None,
        path,
        row.entries,
    )
