"""A real encoder's show in smaller sizes: made by a worker, kept by the node, played by anybody."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import httpx
import m3u8
import pytest

from backline.live.ladder.ladders import Ladders
from backline.live.ladder.making import Maker
from backline.live.preview.pieces import Piece
from backline.platform.confined import Confinement, fork_zygote
from tests.support import films, sounds
from tests.support.confinement import confined
from tests.support.going_live import Stage, listens, stage
from tests.support.installation import free_port
from tests.support.processes import children_of
from tests.support.things import Person
from tests.support.waiting import eventually, until

MODULES = ["backline.live.ladder.transcoding"]

pytestmark = pytest.mark.slow


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined(MODULES) as made:
        yield made


@asynccontextmanager
async def working(made: Stage, confinement: Confinement, most: int = 1) -> AsyncIterator[None]:
    """A worker that makes so many ladders."""
    platform = made.api.platform
    ladders = Ladders(platform.database, platform.secrets, Maker(confinement, most), most)
    task = asyncio.create_task(ladders.keep())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def ladder_of(made: Stage, person: Person, project: dict[str, Any]) -> dict[str, Any]:
    return (await made.status(person, project))["ladder"] or {"state": None, "rungs": []}


async def url_of(person: Person, project: dict[str, Any]) -> str:
    answer = await person.client.get(f"/api/v1/live/previews/{project['id']}")
    return str(answer.raise_for_status().json()["url"])


async def playlist(client: httpx.AsyncClient, url: str) -> m3u8.M3U8:
    answer = await client.get(url)
    return m3u8.loads(answer.raise_for_status().text, uri=url)


async def frames(client: httpx.AsyncClient, one: m3u8.M3U8, at: int) -> list[tuple[int, bool]]:
    """The pictures of a listed segment: when they are shown, in ms, and which are keyframes."""
    segment = one.segments[at]
    names = [segment.init_section.absolute_uri, segment.absolute_uri]
    parts = [(await client.get(name)).raise_for_status().content for name in names]
    with av.open(io.BytesIO(b"".join(parts))) as film:
        return [
            (round(frame.pts * frame.time_base * 1000), bool(frame.key_frame))
            for frame in film.decode(video=0)
        ]


async def test_a_show_is_made_in_smaller_sizes_by_the_same_clock(
    dsn: str, tmp_path: Path, confinement: Confinement
) -> None:
    port = free_port()
    film = films.film(size="854x480")
    async with stage(dsn, tmp_path) as made, made.node(port), working(made, confinement):
        await listens(port)
        ada = await made.person()
        project = await made.project(ada, hold_s=600, ladder=True)
        rtmp = f"rtmp://127.0.0.1:{port}/live/{project['stream_key']}"
        async with films.published_without_end(film, rtmp, rate=1):

            async def is_made() -> bool:
                one = await ladder_of(made, ada, project)
                return one["state"] == "making" and one["rungs"] == ["360p", "audio"]

            await eventually(is_made)
            url = await url_of(ada, project)
            client = ada.client
            whole = await playlist(client, url)
            folder = url.rpartition("/")[0]

            async def is_listed() -> bool:
                one = await client.get(f"{folder}/360p.m3u8")
                return one.status_code == 200 and one.text.count("#EXTINF") >= 3

            await eventually(is_listed)
            small, source = [
                await playlist(client, f"{folder}/{name}.m3u8") for name in ("360p", "index")
            ]
            first = next(at for at, one in enumerate(small.segments) if not one.gap_tag)
            number = small.media_sequence + first
            theirs = await frames(client, source, number - source.media_sequence)
            ours = await frames(client, small, first)
            sound = await playlist(client, f"{folder}/audio.m3u8")

    assert [(one.uri, one.stream_info.resolution) for one in whole.playlists] == [
        ("index.m3u8", (854, 480)),
        ("360p.m3u8", (640, 360)),
        ("audio.m3u8", None),
    ]
    assert [one.stream_info.codecs for one in whole.playlists][2] == "mp4a.40.2"
    assert all(
        one.stream_info.bandwidth >= one.stream_info.average_bandwidth > 0
        for one in whole.playlists
    )
    assert [one.duration for one in small.segments] == [
        one.duration for one in source.segments[: len(small.segments)]
    ]
    assert [at for at, _ in ours] == [at for at, _ in theirs]
    assert [is_key for _, is_key in ours] == [True, *[False] * (len(ours) - 1)]
    assert len(sound.segments) >= 2


async def test_a_full_pool_has_a_queue_and_the_source_goes_on(
    dsn: str, tmp_path: Path, confinement: Confinement
) -> None:
    port = free_port()
    film = films.film(size="854x480")
    async with stage(dsn, tmp_path) as made, made.node(port):
        await listens(port)
        ada = await made.person()
        one, two = [await made.project(ada, ladder=True) for _ in range(2)]
        where = f"rtmp://127.0.0.1:{port}/live/"
        async with films.published_without_end(film, where + one["stream_key"], rate=1):

            async def waits(project: dict[str, Any], place: int) -> None:
                async def is_told() -> bool:
                    told = await ladder_of(made, ada, project)
                    return told["state"] == "waiting" and told["place"] == place

                await eventually(is_told)

            async def is_made(project: dict[str, Any]) -> None:
                async def is_told() -> bool:
                    return (await ladder_of(made, ada, project))["state"] == "making"

                await eventually(is_told)

            await waits(one, 1)
            async with films.published_without_end(film, where + two["stream_key"], rate=1):
                await waits(two, 2)
                async with working(made, confinement):
                    await is_made(one)
                    await waits(two, 1)
                    playing = await ada.client.get(await url_of(ada, two))
                    (
                        await ada.client.patch(
                            f"/api/v1/live/projects/{one['id']}", json={"ladder": False}
                        )
                    ).raise_for_status()
                    await is_made(two)
                    off = await made.status(ada, one)

    assert playing.status_code == 200
    assert "#EXTINF" in playing.text
    assert (off["state"], off["ladder"]) == ("live", None)


async def test_a_process_that_dies_takes_one_segment_with_it(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    pieces = "frag_keyframe+empty_moov+default_base_moof"
    sounds.run(
        *("-i", str(films.film(size="854x480", seconds=8)), "-c:v", "libx264", "-g", "250"),
        *("-preset", "ultrafast", "-movflags", pieces, str(film)),
    )
    head, mark, body = film.read_bytes().partition(b"moof")
    piece = Piece(1, 8_000, head[:-4], head[-4:] + mark + body)
    zygote = fork_zygote(MODULES)
    async with Confinement(zygote) as confinement:
        maker = Maker(confinement, 1)
        making = asyncio.create_task(maker.make(piece, 720))
        await until(lambda: bool(children_of(zygote.pid)))
        os.kill(children_of(zygote.pid)[0].pid, signal.SIGKILL)
        lost = await making
        after = await maker.make(piece, 720)

    assert lost is None
    assert after is not None
    assert [one.name for one in after.rungs] == ["360p", "audio"]
