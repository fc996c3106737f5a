"""The sweep deletes people's files: what it takes, and above all what it never does."""

import os
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import LiteralString

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backline.audio import covers, files, tracks
from backline.platform.database import Database, Read
from backline.platform.errors import Unavailable
from backline.platform.ids import uuid7
from backline.platform.storage import FolderStorage
from backline.platform.storage.kinds import FileKind, KeptFile
from backline.platform.storage.sweep import Swept, sweep

DAY_S = 24 * 3600
INSERT: LiteralString = """
INSERT INTO tracks (id, owner_id, title, filename, content_type, size_bytes, sha256, generation,
  title_key, artist_key, album_key, search, deleted_at)
VALUES ($1, $2, '', '', '', 1, '', $3, '', '', '', '', CASE WHEN $4 THEN now() END)
"""


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    made = FolderStorage(tmp_path / "media")
    made.prepare()
    return made


def put(storage: FolderStorage, key: str, age_s: float = 2 * DAY_S) -> str:
    path = storage.folder / "objects" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age_s,) * 2)
    return key


async def left(storage: FolderStorage) -> set[str]:
    objects = storage.folder / "objects"
    return {str(path.relative_to(objects)) for path in objects.rglob("*") if path.is_file()}


def kind(name: str, known: Sequence[str] = (), says: Sequence[str] | None = None) -> FileKind:
    """A domain that knows some keys; or that says something else when it is asked."""

    async def unknown(_read: Read, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if key not in known] if says is None else list(says)

    async def referenced(_read: Read) -> AsyncIterator[KeptFile]:
        for key in known:
            yield KeptFile(key, 1)

    return FileKind(kind=name, referenced=referenced, unknown=unknown)


async def test_what_nothing_points_to_goes_and_what_a_row_points_to_stays(
    database: Database, storage: FolderStorage
) -> None:
    known = put(storage, "notes/a/b/c/known")
    put(storage, "notes/a/b/c/left-over")

    removed = await sweep(database, Swept(storage, (kind("notes", [known]),)))

    assert removed == 1
    assert await left(storage) == {known}


async def test_what_is_younger_than_a_day_stays_whatever_the_rows_say(
    database: Database, storage: FolderStorage
) -> None:
    young = put(storage, "notes/a/b/c/young", DAY_S - 600)
    put(storage, "notes/a/b/c/old", DAY_S + 600)

    await sweep(database, Swept(storage, (kind("notes"),)))

    assert await left(storage) == {young}


async def test_files_of_a_domain_that_is_not_known_stay(
    database: Database, storage: FolderStorage
) -> None:
    others = {put(storage, "photos/a/b/c/d"), put(storage, "notes-of-others/a/b/c/d")}
    put(storage, "notes/a/b/c/d")

    await sweep(database, Swept(storage, (kind("notes"),)))
    await sweep(database, Swept(storage, ()))

    assert await left(storage) == others


async def test_no_domain_has_a_say_in_what_it_was_not_asked_about(
    database: Database, storage: FolderStorage
) -> None:
    kept = {
        put(storage, "photos/a/b/c/d"),
        put(storage, "notes/a/b/c/asked"),
        put(storage, "notes/a/b/c/young", 60),
    }
    said = ["photos/a/b/c/d", "notes/a/b/c/young", "notes/a/b", "notes", "notes/a/b/c"]

    await sweep(database, Swept(storage, (kind("notes", says=said),)))

    assert await left(storage) == kept


async def test_a_database_that_is_away_ends_the_sweep(
    database: Database, storage: FolderStorage
) -> None:
    key = put(storage, "notes/a/b/c/d")

    async def away(_read: Read, _keys: Sequence[str]) -> list[str]:
        raise Unavailable("It is away.")

    notes = msgspec.structs.replace(kind("notes"), unknown=away)
    with pytest.raises(Unavailable):
        await sweep(database, Swept(storage, (notes,)))

    assert await left(storage) == {key}


async def test_more_files_than_one_query_takes(database: Database, storage: FolderStorage) -> None:
    known = {put(storage, f"notes/a/b/{n}/x") for n in range(1100)}
    for n in range(1100):
        put(storage, f"notes/a/b/{n}/y")

    removed = await sweep(database, Swept(storage, (kind("notes", sorted(known)),)))

    assert removed == 1100
    assert await left(storage) == known


FILE = st.tuples(
    st.sampled_from(["gone", "ready", "processing", "deleted"]),
    st.sampled_from(["source", "present", "former"]),
    st.sampled_from([3600, DAY_S - 600, DAY_S + 600, 30 * DAY_S]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FILE, max_size=12))
async def test_of_tracks_exactly_the_old_and_unpointed_go(
    database: Database, storage: FolderStorage, found: list[tuple[str, str, float]]
) -> None:
    expected: set[str] = set()
    for state, where, age_s in found:
        owner, track, present = uuid7(), uuid7(), uuid7().hex
        generation = {"source": tracks.SOURCE, "present": present, "former": uuid7().hex}[where]
        key = put(storage, f"{covers.prefix(owner, track, generation)}/{tracks.ORIGINAL}", age_s)
        if state != "gone":
            pointed = None if state == "processing" else present
            async with database.write() as tx:
                await tx.execute(INSERT, track, owner, pointed, state == "deleted")
        is_pointed = state != "gone" and (
            where == "source" or (where == "present" and state != "processing")
        )
        if is_pointed or age_s < DAY_S:
            expected.add(key)
    await sweep(database, Swept(storage, (files.TRACKS,)))

    assert await left(storage) == expected
    for key in await left(storage):
        await storage.delete_prefix(key)
