"""Things of a library that operations are asked for in tests; `things` names them all."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from backline.accounts import sql as accounts_sql
from backline.audio.following import feed_sql, people_sql
from backline.audio.models import Labels, Rendered, Tags
from backline.platform.ids import uuid7
from tests.support.operations import BYTES

FILE = {"file": ("song.wav", BYTES)}

if TYPE_CHECKING:
    from tests.support.things import Person

RENDERED = Rendered(
    generation="a1b2c3d4",
    labels=Labels("A song"),
    tags=Tags(),
    duration_ms=1_000,
    content_type="audio/wav",
    loudness_lufs=-18.0,
    true_peak_dbtp=-1.0,
    gain_db=0.0,
    has_cover=True,
    codec="pcm",
    sample_rate_hz=44_100,
    channels=2,
    duration_samples=44_100,
    peaks=bytes(16),
    warnings=(),
    lyrics=[],
    files={"low.m4a": 1_000, "medium.m4a": 1_000, "high.m4a": 1_000},
)
"""What a rendition is told by, of a second of sound; its files aren't there."""


async def track(person: "Person") -> str:
    """A track that waits to be prepared."""
    return (await person.post("/tracks", files=FILE)).json()["id"]


async def deleted_track(person: "Person") -> str:
    """A track that can be restored."""
    track_id = await track(person)
    (await person.client.delete(f"/api/v1/tracks/{track_id}")).raise_for_status()
    return track_id


async def filed_track(person: "Person", album: str) -> dict[str, Any]:
    """A track by Ona and somebody new, whose genre is Folk and a new one; Ona's is the album."""
    track_id, new = (await person.post("/tracks", files=FILE)).json()["id"], uuid7().hex
    named = {"artist": f"Ona; {new}", "genre": f"Folk; {new}", "album": album}
    named["album_artist"] = "Ona"
    answer = await person.client.patch(f"/api/v1/tracks/{track_id}", json=named)
    return answer.raise_for_status().json()


async def artist(person: "Person") -> str:
    """Ona, with one more album and one more track."""
    return (await filed_track(person, uuid7().hex))["artists"][0]["id"]


async def album(person: "Person") -> str:
    """An album of Ona's, with one more track."""
    return (await filed_track(person, "Sky"))["album_id"]


async def genre(person: "Person") -> str:
    """Folk, with one more album and one more track."""
    await filed_track(person, uuid7().hex)
    items = (await person.get("/genres?limit=1&sort=-track_count")).json()["items"]
    return items[0]["id"]


async def ready_track(person: "Person") -> str:
    """One of two tracks of Ona's that are ready, as far as lists know; their sound isn't there."""
    ids = [(await filed_track(person, "Sky"))["id"] for _ in range(2)]
    async with person.api.platform.database.write() as tx:
        await tx.execute(
            "UPDATE tracks SET status = 'ready', duration_ms = 1000 WHERE id = ANY($1::uuid[])",
            [UUID(one) for one in ids],
        )
    return ids[0]


async def ready_artist(person: "Person") -> str:
    """Ona, with one more track that is ready."""
    track_id = await ready_track(person)
    return (await person.get(f"/tracks/{track_id}")).json()["artists"][0]["id"]


async def playable_track(person: "Person") -> str:
    """A track that could have been played: a millisecond; its sound isn't there."""
    track_id = (await person.post("/tracks", files=FILE)).json()["id"]
    async with person.api.platform.database.write() as tx:
        await tx.execute("UPDATE tracks SET duration_ms = 1 WHERE id = $1", UUID(track_id))
    return track_id


async def play(person: "Person") -> None:
    """A track that was played to its end."""
    told = {"track_id": await playable_track(person), "key": uuid7().hex, "played_ms": 1}
    await person.post("/plays", json={**told, "started_at": "2026-01-01T00:00:00Z"})


MANY_PLAYLISTS = 150  # nobody can have more than 200


async def playlist(person: "Person") -> str:
    """A playlist; one of those that are there already once there are many."""
    there = (await person.get("/playlists")).json()["items"]
    if len(there) >= MANY_PLAYLISTS:
        return there[0]["id"]
    return (await person.post("/playlists", json={"name": "Van"})).json()["id"]


async def filled_playlist(person: "Person") -> str:
    """A playlist with two entries."""
    playlist_id = await playlist(person)
    for _ in range(2):
        await entry(person, {"playlist_id": playlist_id})
    return playlist_id


async def entry(person: "Person", made: dict[str, str]) -> str:
    """A track in a playlist, which could be listened to."""
    form = {"track_ids": [await playable_track(person)]}
    where = f"/playlists/{made['playlist_id']}/tracks"
    return (await person.post(where, json=form)).json()["entry_ids"][0]


async def removed_entry(person: "Person", made: dict[str, str]) -> str:
    """An entry that can be put back."""
    entry_id = await entry(person, made)
    where = f"/playlists/{made['playlist_id']}/entries/remove"
    await person.post(where, json={"entry_ids": [entry_id]})
    return entry_id


async def duplicates(person: "Person", number: int = 2) -> list[str]:
    """Tracks that sound the same, and that could have been played."""
    ids = [(await person.post("/tracks", files=FILE)).json()["id"] for _ in range(number)]
    async with person.api.platform.database.write() as tx:
        await tx.execute(
            "UPDATE tracks SET status = 'ready', duration_ms = 1000, sound_hash = $2 "
            "WHERE id = ANY($1::uuid[])",
            [UUID(one) for one in ids],
            uuid7().bytes,
        )
    return ids


async def merge(person: "Person") -> str:
    """What undoes that one of two tracks was kept."""
    kept, other = await duplicates(person)
    return (await person.post(f"/tracks/{kept}/keep", json={"track_ids": [other]})).json()[
        "merge_id"
    ]


async def shared_playlist(person: "Person") -> str:
    """A playlist with two links."""
    form = {"kind": "playlist", "thing_id": await playlist(person)}
    for _ in range(2):
        await person.post("/shares", json=form)
    return form["thing_id"]


MANY_SHARES = 100  # of a page; nobody can have more than 500


async def share(person: "Person") -> str:
    """A link of a playlist; one of those that are there already once there are many."""
    there = (await person.get(f"/shares?limit={MANY_SHARES}")).json()["items"]
    if len(there) >= MANY_SHARES:
        return there[0]["id"]
    form = {"kind": "playlist", "thing_id": await playlist(person)}
    return (await person.post("/shares", json=form)).json()["id"]


async def company(person: "Person") -> None:
    """Somebody whom the person follows, who follows them, and has something in the feed."""
    mine, theirs = UUID(person.id), uuid7()
    name = f"{theirs.hex}@example.org"
    async with person.api.platform.database.write() as tx:
        await accounts_sql.insert_user(tx, theirs, name, name, "Fan", "", "user")
        await people_sql.set_public(tx, theirs, is_public=True)
        await people_sql.follow(tx, mine, theirs, 1_000)
        await people_sql.follow(tx, theirs, mine, 1_000)
        await tx.execute(_LIKED, mine, theirs)
        await feed_sql.made_public(tx, theirs, uuid7(), theirs)


# A playlist of $2 with a track of $1.
_LIKED = """
WITH list AS (
  INSERT INTO playlists (owner_id, id, name, name_key, visibility, entry_count)
  VALUES ($2, $2, 'Van', 'van', 'public', 1) RETURNING owner_id, id
)
INSERT INTO playlist_entries
  (owner_id, playlist_id, id, position, track_id, track_owner_id, title, artist)
SELECT list.owner_id, list.id, gen_random_uuid(), 'a', t.id, $1, t.title, ''
FROM list, (SELECT id, title FROM tracks WHERE owner_id = $1 LIMIT 1) AS t
"""


async def around(person: "Person") -> None:
    """What has no id that an operation takes: a play, duplicates, somebody to follow."""
    await play(person)
    await duplicates(person)
    await company(person)
