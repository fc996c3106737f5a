"""What was found in a batch of files, made true in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import filing
from backline.audio.discover import sounds_sql
from backline.audio.engine.findings import Catalogued
from backline.audio.engine.labels import title_from
from backline.audio.folders import covers_sql, files_sql, tracks_sql
from backline.audio.folders.covers_sql import Drawn
from backline.audio.folders.files_sql import Lost, Outcome, Still, Waiting
from backline.audio.folders.scans_sql import ScanRow, Tally
from backline.audio.folders.tracks_sql import Entry
from backline.audio.models import Labels, Tags, TrackJob
from backline.audio.tracks import RENDER
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.host.folders import shown
from backline.platform.ids import uuid7, uuid7_hex
from backline.platform.jobs import enqueue_many

_MOST_LOST: Final = 1_000
_LATER: Final = 10  # behind what somebody waits for


class Batch(msgspec.Struct, frozen=True):
    """Files that were looked at: what was found, or why they were refused, and new covers.

    `digests` are of the pictures that files show, `undrawn` those of which no cover comes.
    """

    files: list[Waiting]
    found: dict[UUID, Catalogued]
    refused: dict[UUID, str]
    digests: dict[UUID, bytes]
    drawn: list[Drawn]
    undrawn: set[bytes]


class _Sorted(msgspec.Struct):
    """What becomes of the files of a batch."""

    new: list[Entry]
    known: list[Entry]
    outcomes: list[Outcome]
    taken: list[Lost]


async def write_batch(tx: Write, row: ScanRow, batch: Batch) -> Tally:
    """Write what became of files that still wait; what it adds to the scan's figures.

    The scan is locked, so nobody else writes of its files.
    """
    file_ids = [file.id for file in batch.files]
    still = await files_sql.still_waiting(tx, row.owner_id, row.folder_id, file_ids)
    covers = await _covers(tx, row.owner_id, batch)
    lost = await _lost(tx, row.owner_id, batch, still)
    found = _sort(batch, still, covers, lost)
    renewed = set(await tracks_sql.renew(tx, row.owner_id, row.folder_id, found.known))
    _without_removed(found, renewed)
    await files_sql.take(tx, row.owner_id, found.taken)
    await tracks_sql.add(tx, row.owner_id, row.folder_id, found.new)
    refused = [
        Outcome(file_id, error=reason)
        for file_id, reason in batch.refused.items()
        if file_id in still
    ]
    broken = [
        (track_id, one.error)
        for one in refused
        if one.error and (track_id := still[one.id].track_id)
    ]
    failed = await tracks_sql.set_failed(tx, row.owner_id, broken)
    await files_sql.settle(tx, row.owner_id, row.folder_id, [*found.outcomes, *refused])
    entries = [*found.new, *found.known]
    await tracks_sql.keep_lyrics(tx, row.owner_id, entries)
    dropped = await tracks_sql.drop_details(tx, row.owner_id, list(renewed))
    await accounts.release(tx, row.owner_id, dropped)
    if entries:
        ids = [entry.id for entry in entries]
        await filing.file(tx, row.owner_id, ids)
        await sounds_sql.want(tx, row.owner_id, ids, anew=True)
    forget(tx, row.owner_id, [*renewed, *failed])
    if row.renders == "at-once":
        await render_later(tx, row.owner_id, [entry.id for entry in entries])
    return Tally(len(found.outcomes) + len(refused), len(found.new), len(found.known), len(refused))


def forget(tx: Write, owner_id: UUID, track_ids: Iterable[UUID]) -> None:
    """Have caches forget lists, and these tracks."""
    invalidate(tx, f"tracks:{owner_id.hex}", *(f"track:{one.hex}" for one in track_ids))


async def render_later(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Have tracks rendered when nobody waits for anything else."""
    payloads = [TrackJob(track_id, owner_id) for track_id in track_ids]
    if payloads:
        await enqueue_many(tx, RENDER, payloads, owner_id=owner_id, priority=_LATER)


async def _covers(tx: Write, owner_id: UUID, batch: Batch) -> Mapping[bytes, UUID]:
    """The covers of the batch's pictures, those among them that were just drawn."""
    digests = set(batch.digests.values()) - batch.undrawn
    if not digests:
        return {}
    made_bytes = await covers_sql.add(tx, owner_id, batch.drawn)
    await accounts.count_made(tx, owner_id, made_bytes)
    return await covers_sql.lock(tx, owner_id, sorted(digests))


async def _lost(tx: Write, owner_id: UUID, batch: Batch, still: Mapping[UUID, Still]) -> list[Lost]:
    """What may have been moved to where new files are."""
    new = [one for file_id, one in batch.found.items() if _is_new(still.get(file_id))]
    contents = {one.content_hash for one in new}
    sounds = {one.sound_hash for one in new}
    return await files_sql.lost(tx, owner_id, sorted(contents), sorted(sounds), _MOST_LOST)


def _is_new(known: Still | None) -> bool:
    return known is not None and known.track_id is None


def _sort(
    batch: Batch,
    still: Mapping[UUID, Still],
    covers: Mapping[bytes, UUID],
    lost: Sequence[Lost],
) -> _Sorted:
    sorted_ = _Sorted([], [], [], [])
    left = list(lost)
    for file in batch.files:
        one, known = batch.found.get(file.id), still.get(file.id)
        if one is None or known is None:
            continue
        digest = batch.digests.get(file.id)
        drawn = digest is not None and digest not in batch.undrawn
        cover_id = covers.get(digest) if digest is not None and drawn else None
        if drawn and cover_id is None:
            continue  # dropped meanwhile: it goes on waiting, and is looked at again
        before = None if known.track_id is not None else _match(left, one)
        if before is not None:
            left.remove(before)
            sorted_.taken.append(before)
        track_id = known.track_id or (before.track_id if before else None)
        if before is not None and track_id is None:
            # Its owner has removed it, and it was only moved.
            sorted_.outcomes.append(_outcome(file, one, None))
            continue
        sound = before.sound_hash if before else known.sound_hash
        entry = _entry(file, one, cover_id, track_id, same_sound=sound == one.sound_hash)
        (sorted_.known if track_id else sorted_.new).append(entry)
        sorted_.outcomes.append(_outcome(file, one, entry.id))
    return sorted_


def _match(lost: Sequence[Lost], one: Catalogued) -> Lost | None:
    """The file that this one was: of the same bytes, else the only one that sounds the same."""
    same = [old for old in lost if old.content_hash == one.content_hash]
    if same:
        return next((old for old in same if old.track_id is not None), same[0])
    alike = [old for old in lost if old.sound_hash == one.sound_hash and old.track_id is not None]
    return alike[0] if len(alike) == 1 else None


def _outcome(file: Waiting, one: Catalogued, track_id: UUID | None) -> Outcome:
    return Outcome(file.id, track_id, None, one.content_hash, one.sound_hash, one.codec)


def _entry(
    file: Waiting,
    one: Catalogued,
    cover_id: UUID | None,
    track_id: UUID | None,
    *,
    same_sound: bool,
) -> Entry:
    name = shown(file.path.rpartition(b"/")[2])
    return Entry(
        track_id or uuid7(),
        name,
        _labels(one.tags, name),
        one,
        cover_id,
        uuid7_hex(),
        same_sound,
    )


def _labels(tags: Tags, filename: str) -> Labels:
    return Labels(
        tags.title or title_from(filename),
        tags.artist or "",
        tags.album or "",
        tags.album_artist or "",
        tags.genre or "",
        tags.year,
        tags.track_number,
        tags.disc_number,
    )


def _without_removed(found: _Sorted, renewed: set[UUID]) -> None:
    """Leave out tracks whose rows are gone: their owner has removed them for good."""
    gone = {entry.id for entry in found.known} - renewed
    found.known = [entry for entry in found.known if entry.id in renewed]
    found.outcomes = [
        msgspec.structs.replace(one, track_id=None) if one.track_id in gone else one
        for one in found.outcomes
    ]
