"""Folders with music that operations are asked for in tests; `things` names them all."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from backline.audio.folders import files_sql, scans
from backline.audio.folders.files_sql import Outcome
from backline.audio.folders.walking import Found
from backline.platform.ids import uuid7

MANY = 40  # nobody can have more than 50 folders

if TYPE_CHECKING:
    from tests.support.things import Person


def _folder(person: "Person") -> Path:
    made = person.api.platform.settings.data_dir / "samples" / "music" / uuid7().hex
    made.mkdir(parents=True)
    return made


async def music_scan(person: "Person") -> str:
    """A scan that waits for a worker, of a folder of its own; of two files no track came."""
    there = (await person.get("/music-folders")).json()["items"]
    for one in there[MANY:]:
        running = (await person.get("/music-scans?limit=100")).json()["items"]
        for scan in running:
            if scan["folder_id"] == one["id"] and scan["state"] in {"running", "paused"}:
                await person.post(f"/music-scans/{scan['id']}/cancel")
        await person.client.delete(f"/api/v1/music-folders/{one['id']}")
    folder = _folder(person)
    async with person.api.platform.database.write() as tx:
        made = await scans.start(tx, UUID(person.id), str(folder), [folder])
    for _ in range(2):
        await _failed(person, made.folder_id)
    return str(made.id)


async def paused_music_scan(person: "Person") -> str:
    """A scan that somebody can go on with."""
    scan_id = await music_scan(person)
    await person.post(f"/music-scans/{scan_id}/pause")
    return scan_id


async def music_folder(person: "Person") -> str:
    """A folder that isn't being scanned."""
    scan_id = await music_scan(person)
    return (await person.post(f"/music-scans/{scan_id}/cancel")).json()["folder_id"]


async def failed_music_file(person: "Person") -> str:
    """A file of which no track came, in the folder of the newest scan."""
    [newest] = (await person.get("/music-scans?limit=1")).json()["items"]
    return await _failed(person, UUID(newest["folder_id"]))


async def _failed(person: "Person", folder_id: UUID) -> str:
    found = Found(uuid7(), b"broken.mp3", 3, 0, 0, 0)
    ids = UUID(person.id), folder_id
    async with person.api.platform.database.write() as tx:
        await files_sql.note(tx, *ids, [found])
        await files_sql.settle(tx, *ids, [Outcome(found.id, error="It is damaged.")])
    return str(found.id)
