"""Every answer that a domain declares as cacheable is really given again."""

from pathlib import Path
from uuid import UUID

import pytest

from backline.audio import sql
from backline.main import program
from backline.platform.cache import Cached
from tests.support.api import serving_api
from tests.support.audio_things import RENDERED, filled_playlist
from tests.support.concert_things import concert, concert_artist, concert_venue
from tests.support.things import (
    Person,
    album,
    artist,
    live_project,
    music_scan,
    photo,
    project,
    scan,
    task,
    track,
)


async def test_every_declared_answer_is_given_again(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path) as api:
        person = Person(api, "mei@example.org")
        await person.sign_in()
        # Each declaration names its parameters; one kind of thing per name is enough.
        things = {
            "album_id": await album(person),
            "artist_id": await artist(person),
            "concert_id": await concert(person),
            "live_project_id": await live_project(person),
            "music_scan_id": await music_scan(person),
            "photo_id": await photo(person),
            "playlist_id": await filled_playlist(person),
            "project_id": await project(person),
            "scan_id": await scan(person),
            "task_id": await task(person),
            "user_id": person.id,
            "track_id": await _ready_track(person),
            "venue_id": await concert_venue(person),
        }
        seen = {**things, "artist_id": await concert_artist(person)}
        person.client.cookies.clear()  # whoever has just written passes the cache by
        paths = [
            cached.path.replace(":uuid", "").format_map(
                seen if cached.path.startswith("/concerts/") else things
            )
            for domain in program().domains
            for cached in domain.caches
            if isinstance(cached, Cached)
        ]

        assert paths
        for path in paths:
            await _given_again(person, path)


async def _given_again(person: Person, path: str) -> None:
    """An answer comes twice. Some are kept for a second, in which a busy machine may not come back;
    and whoever is out of touch with the database keeps nothing for that while.
    """
    said: list[str] = []
    for _ in range(20):
        first, second = await person.get(path), await person.get(path)
        said.append(second.headers["cache-status"])
        if said[-1] == "backline; hit":
            assert second.content == first.content
            return
    pytest.fail(f"{path}: {said}")


async def _ready_track(person: Person) -> str:
    track_id = await track(person)
    async with person.api.platform.database.write() as tx:
        assert await sql.set_ready(tx, UUID(track_id), UUID(person.id), RENDERED)
    return track_id
