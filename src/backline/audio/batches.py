"""Many tracks changed at once, all or none, with what undoes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from backline.audio import batches_sql as sql
from backline.audio import filing, tracks
from backline.audio.models import Track, TrackRow, TracksPatch
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import NotFound


class TracksChanged(msgspec.Struct, frozen=True):
    """The tracks as they are now; each of `undo`, sent as it is, gives some their names back."""

    items: list[Track]
    undo: list[TracksPatch]


async def change(
    tx: Write, actor: Actor, patch: TracksPatch
) -> tuple[list[TrackRow], list[TracksPatch]]:
    """Change what tracks are called, in the order of their ids; the changes that undo it.

    Raises:
        NotFound: one of them isn't there, or someone else's; then none is changed.
        Invalid: a title would be blank.
    """
    said = tracks.said_in(patch)
    wanted = list(dict.fromkeys(patch.track_ids))
    rows = await sql.lock(tx, actor.user_id, wanted)
    if len(rows) < len(wanted):
        raise NotFound("One of these tracks isn't there, so none of them was changed.")
    named = [
        (row.id, msgspec.structs.replace(tracks.labels_of(row), **said), row.filename)
        for row in rows
    ]
    await sql.set_labels(tx, actor.user_id, named)
    for row in rows:
        await tracks.tell(tx, actor.user_id, row.id, "updated")
    await filing.file(tx, actor.user_id, wanted, by_person=True)
    return await sql.tracks(tx, actor.user_id, wanted), _undoing(rows, said)


def _undoing(rows: Sequence[TrackRow], said: Mapping[str, Any]) -> list[TracksPatch]:
    """What each was called before, field by field: what all shared goes back in one change.

    An album that was renamed as a whole is then renamed back as a whole.
    """
    undo: dict[tuple[UUID, ...], dict[str, Any]] = {}
    for field, value in said.items():
        before: dict[Any, list[UUID]] = {}
        for row in rows:
            if (former := getattr(row, field)) != value:
                before.setdefault(former, []).append(row.id)
        for former, ids in before.items():
            undo.setdefault(tuple(ids), {})[field] = former
    return [TracksPatch(track_ids=list(ids), **fields) for ids, fields in undo.items()]
