"""Every answer that a domain declares as cacheable is really given again."""

from pathlib import Path
from uuid import UUID

from backline.audio import sql
from backline.audio.models import Labels, Rendered
from backline.main import DOMAINS
from tests.support.api import serving_api
from tests.support.things import Person, track

RENDERED = Rendered(
    generation="a1b2c3d4",
    labels=Labels("A song"),
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
    files={"low.m4a": 1_000, "medium.m4a": 1_000, "high.m4a": 1_000},
)


async def test_every_declared_answer_is_given_again(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path) as api:
        person = Person(api, "mei@example.org")
        await person.sign_in()
        # Each declaration names its parameters; one kind of thing per name is enough.
        things = {"track_id": await _ready_track(person)}
        paths = [
            cached.path.replace(":uuid", "").format_map(things)
            for domain in DOMAINS
            for cached in domain.caches
        ]

        first = {path: await person.get(path) for path in paths}
        second = {path: await person.get(path) for path in paths}

    assert paths
    for path in paths:
        assert second[path].headers["cache-status"] == "backline; hit", path
        assert second[path].content == first[path].content


async def _ready_track(person: Person) -> str:
    track_id = await track(person)
    async with person.api.platform.database.write() as tx:
        assert await sql.set_ready(tx, UUID(track_id), UUID(person.id), RENDERED)
    person.client.cookies.clear()  # whoever has just written passes the cache by
    return track_id
