"""Photos, scans, concerts and reviews of a person, made through the API where that can be."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from backline.concerts.folders import Found
from backline.concerts.history.facts import Candidate, Facts, PlayedFacts, VenueFacts
from backline.concerts.services import sample_folder
from backline.concerts.sql import histories, imports, processed
from backline.concerts.sql.imports import ItemRow
from backline.concerts.sql.processed import Outcome
from backline.platform.cache import invalidate
from backline.platform.ids import uuid7

if TYPE_CHECKING:
    from tests.support.things import Person

MANY_FILES = 15  # nobody can have more than 20 exports, or imports


async def photo(person: "Person") -> str:
    """A photo that waits to be looked at; the same bytes twice would be one."""
    files = {"file": ("photo.jpg", uuid7().bytes)}
    return (await person.post("/photos", files=files)).json()["id"]


async def deleted_photo(person: "Person") -> str:
    """A photo that can be restored."""
    photo_id = await photo(person)
    (await person.client.delete(f"/api/v1/photos/{photo_id}")).raise_for_status()
    return photo_id


async def photo_group(person: "Person") -> str:
    """Two photos that look alike, of the newest source if there is one; their group."""
    members = [UUID(await photo(person)), UUID(await photo(person))]
    async with person.api.platform.database.write() as tx:
        await tx.execute(_ALIKE, members[0], members, UUID(person.id))
    return str(members[0])


_ALIKE = """
UPDATE photos SET group_id = $1, source_id = (
  SELECT max(id::text)::uuid FROM photo_sources WHERE owner_id = $3)
WHERE id = ANY($2)
"""


async def scan(person: "Person") -> str:
    """A scan that waits for a worker, of a folder of its own; of two files no photo came."""
    folder = sample_folder(person.api.platform.settings) / uuid7().hex
    folder.mkdir(parents=True)
    form = {"source": {"kind": "folder", "path": str(folder)}}
    made = (await person.post("/scans", json=form)).json()
    for _ in range(2):
        await _failed(person, made["source_id"])
    return made["id"]


async def paused_scan(person: "Person") -> str:
    """A scan that somebody can go on with."""
    scan_id = await scan(person)
    await person.post(f"/scans/{scan_id}/pause")
    return scan_id


async def photo_source(person: "Person") -> str:
    """Where photos come from: the folder of a scan."""
    return (await person.get(f"/scans/{await scan(person)}")).json()["source_id"]


async def failed_file(person: "Person") -> str:
    """A file of which no photo came, in the folder of the newest scan."""
    [newest] = (await person.get("/scans?limit=1")).json()["items"]
    return await _failed(person, newest["source_id"])


async def _failed(person: "Person", source_id: str) -> str:
    found = Found(uuid7(), b"broken.jpg", 3, 0, 0)
    ids = UUID(person.id), UUID(source_id)
    async with person.api.platform.database.write() as tx:
        await processed.note(tx, *ids, [found])
        await processed.settle(tx, *ids, [Outcome(found.id, error="It is damaged.")])
    return str(found.id)


async def concert(person: "Person") -> str:
    """A concert at the Hall, of the Band and of an opener that nobody else has."""
    return await _concert(person, "Hall")


async def _concert(person: "Person", venue: str) -> str:
    form = {
        "held_on": "2024-05-01",
        "venue": {"name": venue, "city": "Berlin", "country_code": "DE"},
        "bill": [{"name": f"Opener {uuid7().hex}"}, {"name": "Band", "headliner": True}],
    }
    return (await person.post("/concerts", json=form)).json()["id"]


async def deleted_concert(person: "Person") -> str:
    """A concert that can be restored."""
    concert_id = await concert(person)
    (await person.client.delete(f"/api/v1/concerts/{concert_id}")).raise_for_status()
    return concert_id


async def concert_artist(person: "Person") -> str:
    """The Band, which played at the Hall."""
    found = (await person.get(f"/concerts/{await concert(person)}")).json()
    return found["bill"][-1]["artist_id"]


async def concert_venue(person: "Person") -> str:
    """The Hall, besides which there is a venue that nobody else has."""
    await _concert(person, f"Hall {uuid7().hex}")
    return (await person.get(f"/concerts/{await concert(person)}")).json()["venue"]["id"]


async def concert_with_photos(person: "Person") -> str:
    """A concert with two photos."""
    concert_id = await concert(person)
    form = {"photo_ids": [await photo(person), await photo(person)]}
    await person.post(f"/concerts/{concert_id}/photos", json=form)
    return concert_id


async def concert_photo(person: "Person") -> str:
    """A photo of the newest concert."""
    [newest] = (await person.get("/concerts?sort=-created_at&limit=1")).json()["items"]
    photo_id = await photo(person)
    await person.post(f"/concerts/{newest['id']}/photos", json={"photo_ids": [photo_id]})
    return photo_id


async def photo_move(person: "Person") -> str:
    """Two photos that were moved to a concert."""
    form = {
        "photo_ids": [await photo(person), await photo(person)],
        "concert_id": await concert(person),
    }
    return (await person.post("/concerts/moves", json=form)).json()["id"]


async def concert_export(person: "Person") -> str:
    """An export that nobody makes; one of those that are there already once there are many."""
    there = (await person.get("/concerts/exports")).json()["items"]
    if len(there) >= MANY_FILES:
        return there[0]["id"]
    return (await person.post("/concerts/exports", json={"format": "json"})).json()["id"]


async def concert_import(person: "Person") -> str:
    """A table of two concerts that was read, of which nothing was made; the oldest makes room."""
    there = (await person.get("/concerts/imports")).json()["items"]
    if len(there) >= MANY_FILES:
        async with person.api.platform.database.write() as tx:
            await imports.delete(tx, UUID(person.id), UUID(there[-1]["id"]))
    table = f"date,artist\n2024-05-02,{uuid7().hex}\n2024-05-03,{uuid7().hex}\n".encode()
    files = {"file": ("table.csv", table)}
    import_id = (await person.post("/concerts/imports", files=files)).json()["id"]
    ids = UUID(person.id), UUID(import_id)
    facts = msgspec.json.encode(Facts(date(2024, 5, 2))).decode()
    items = [ItemRow(n, n + 2, "new", "", facts, None) for n in range(2)]
    async with person.api.platform.database.write() as tx:
        await imports.add(tx, *ids, items)
        await imports.set_read(tx, *ids, "utf-8", ",", ["date"], [])
        invalidate(tx, f"concert-imports:{ids[0].hex}")
    return import_id


async def done_import(person: "Person") -> str:
    """A table of which two concerts were made, as far as its rows tell."""
    import_id = await concert_import(person)
    ids = UUID(person.id), UUID(import_id)
    async with person.api.platform.database.write() as tx:
        await imports.set_items(tx, *ids, [(n, "made", uuid7()) for n in range(2)])
        await imports.set_state(tx, *ids, "done")
        invalidate(tx, f"concert-imports:{ids[0].hex}")
    return import_id


async def review(person: "Person") -> str:
    """A session of two photos that may be of an evening with two artists."""
    session_id, owner = uuid7(), UUID(person.id)
    photos = [UUID(await photo(person)), UUID(await photo(person))]
    bill = [PlayedFacts("Opener"), PlayedFacts("Band", is_headliner=True)]
    facts = Facts(date(2024, 5, 1), venue=VenueFacts("Hall", "Berlin", "DE"), bill=bill)
    candidate = Candidate(CANDIDATE, facts, 0.6, ["Taken 40 m from Hall."])
    encoded = msgspec.json.encode([candidate]).decode()
    async with person.api.platform.database.write() as tx:
        await histories.know(tx, owner)
        await tx.execute(_SESSION, owner, session_id, encoded)
        await tx.execute(_IN_SESSION, owner, session_id, photos)
        invalidate(tx, f"concerts:{owner.hex}")
    return str(session_id)


CANDIDATE = "an evening"
_SESSION = """
INSERT INTO photo_sessions (owner_id, id, state, began_at, ended_at, days, photo_count, evidence,
  candidates)
VALUES ($1, $2, 'review', '2024-05-01 20:00', '2024-05-01 22:00', '{2024-05-01}', 2, '',
  $3::text::jsonb)
"""
_IN_SESSION = "UPDATE photos SET session_id = $2 WHERE owner_id = $1 AND id = ANY($3)"


async def decided_review(person: "Person") -> str:
    """A session that a person has dismissed."""
    review_id = await review(person)
    await person.post(f"/concerts/reviews/{review_id}/dismiss")
    return review_id
