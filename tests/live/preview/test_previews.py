"""Previews from an encoder to whoever may see them, through a node and the media room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from backline.live.preview.asking import LONGEST_LINE
from tests.support import films, rtmp
from tests.support.going_live import Stage, listens, stage
from tests.support.installation import free_port
from tests.support.things import Person
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def place(dsn: str, tmp_path: Path) -> AsyncIterator[tuple[Stage, int]]:
    port = free_port()
    async with stage(dsn, tmp_path) as made, made.node(port):
        await listens(port)
        yield made, port


async def preview(person: Person, project: dict[str, Any]) -> httpx.Response:
    return await person.client.get(f"/api/v1/live/previews/{project['id']}")


async def url_of(person: Person, project: dict[str, Any]) -> str:
    """Where the preview plays, as soon as there is one."""
    found: dict[str, Any] = {}

    async def is_told() -> bool:
        answer = await preview(person, project)
        found.update(answer.json())
        return answer.status_code == 200

    await eventually(is_told)
    return found["url"]


def named(text: str) -> tuple[list[str], list[str]]:
    """The openings and the segments that a playlist names."""
    lines = text.splitlines()
    openings = [line.split('"')[1] for line in lines if line.startswith("#EXT-X-MAP")]
    return openings, [line for line in lines if line.endswith(".m4s")]


@asynccontextmanager
async def showing(encoder: rtmp.Encoder) -> AsyncIterator[None]:
    """A show of four times its speed, until the end of the block."""

    async def show() -> None:
        number = 0
        await encoder.send_all(rtmp.opening())
        while True:
            await encoder.send_paced(rtmp.frames(1, first=number), speed=4)
            number += 25

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()


async def test_what_ffmpeg_publishes_can_be_played(
    place: tuple[Stage, int], tmp_path: Path
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada, hold_s=600)
    film = films.film()
    off = await preview(ada, project)
    await films.publish(film, f"rtmp://127.0.0.1:{port}/live/{project['stream_key']}")
    url = await url_of(ada, project)
    async with made.api.client() as anybody:  # the URL is the permission
        answer = await anybody.get(url)
        openings, segments = named(answer.text)
        folder = url.rpartition("/")[0]
        pieces = [await anybody.get(f"{folder}/{name}") for name in (*openings, *segments)]
        gone = await anybody.get(f"{folder}/00000000-1.m4s")
        forged = await anybody.get(url.replace(project["id"].replace("-", ""), "0" * 32))

    whole = tmp_path / "whole.mp4"
    whole.write_bytes(b"".join(piece.content for piece in pieces))
    found = await films.packets(whole)

    assert off.status_code == 409
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert {piece.headers["content-type"] for piece in pieces} == {"video/mp4"}
    assert all(piece.headers["cache-control"].endswith(", immutable") for piece in pieces)
    assert len([one for one in found if one.stream == 0]) == 75
    assert (gone.status_code, forged.status_code) == (404, 403)


async def test_a_preview_is_its_owners(place: tuple[Stage, int]) -> None:
    made, port = place
    ada, ben = await made.person(), await made.person("ben")
    project = await made.project(ada)
    report = {"played_s": 5.0, "start_ms": 900, "rebuffers": 1, "dropped_frames": 2}
    where = f"/api/v1/live/previews/{project['id']}"
    async with rtmp.encoder(port, project["stream_key"]) as encoder, showing(encoder):
        url = await url_of(ada, project)
        theirs = await preview(ben, project)
        told = [await person.client.post(where, json=report) for person in (ada, ben)]
        odd = await ada.client.post(where, json=report | {"start_ms": -1})
        (await ada.post(f"/live/projects/{project['id']}/stop")).raise_for_status()
        await asyncio.wait_for(encoder.lost, 30)

        async def is_gone() -> bool:
            return (await ada.client.get(url)).status_code == 404

        await eventually(is_gone)

    assert theirs.status_code == 404
    assert [answer.status_code for answer in told] == [204, 404]
    assert odd.status_code in (400, 422)


async def test_a_full_server_says_so_and_whoever_looks_is_not_driven_out(
    dsn: str, tmp_path: Path
) -> None:
    port = free_port()
    async with stage(dsn, tmp_path) as made, made.node(port, BACKLINE_PREVIEWS="1"):
        await listens(port)
        ada = await made.person()
        one, two = await made.project(ada), await made.project(ada)
        async with (
            rtmp.encoder(port, one["stream_key"]) as first,
            showing(first),
            rtmp.encoder(port, two["stream_key"]) as second,
            showing(second),
        ):
            url = await url_of(ada, one)
            seen = [(await ada.client.get(url)).status_code]

            async def look() -> None:
                while True:
                    seen.append((await ada.client.get(url)).status_code)

            looking = asyncio.create_task(look())
            refused = await ada.client.get(await url_of(ada, two))
            before = len(seen)
            await until(lambda: len(seen) > before + 2)
            looking.cancel()

    assert set(seen) == {200}
    assert refused.status_code == 503
    assert "as many previews as it may" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0


async def test_without_keyframes_it_says_what_it_waits_for(place: tuple[Stage, int]) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    async with rtmp.encoder(port, project["stream_key"]) as encoder:
        await encoder.send_all(rtmp.opening())
        await encoder.send_all([one for one in rtmp.frames(1) if one.payload[0] != 0x17])
        answer = await ada.client.get(await url_of(ada, project), timeout=60)

    assert answer.status_code == 503
    assert "keyframe" in answer.json()["detail"]


async def test_the_preview_goes_on_at_another_node(place: tuple[Stage, int]) -> None:
    made, port = place
    ada, other = await made.person(), free_port()
    project = await made.project(ada)
    async with made.node(other):
        await listens(other)
        async with rtmp.encoder(port, project["stream_key"]) as first, showing(first):
            url = await url_of(ada, project)
            _, before = named((await ada.client.get(url)).text)
        async with rtmp.encoder(other, project["stream_key"]) as second, showing(second):
            after: list[str] = []

            async def goes_on() -> bool:
                answer = await ada.client.get(url)
                after[:] = named(answer.text)[1] if answer.status_code == 200 else []
                return bool(after) and not set(after) & set(before)

            await eventually(goes_on)

    assert before
    assert after[0].partition("-")[0] != before[0].partition("-")[0]


async def test_whoever_doesnt_know_the_secret_is_told_nothing(dsn: str, tmp_path: Path) -> None:
    port, door = free_port(), free_port()
    async with stage(dsn, tmp_path) as made, made.node(port, BACKLINE_PREVIEW_PORT=str(door)):
        await listens(port)
        for said in (
            b"\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"x" * (LONGEST_LINE * 2),
            b'{"asked":"{}","at_s":0,"key":"\\u00e9","mac":"\\u00e9"}\n',
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", door)
            writer.write(said)
            with suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()


async def test_a_preview_that_nobody_looks_at_makes_room(dsn: str, tmp_path: Path) -> None:
    """Once it has been left alone for a third of a while, another may have its place."""
    port = free_port()
    async with stage(dsn, tmp_path) as made, made.node(port, BACKLINE_PREVIEWS="1"):
        await listens(port)
        ada = await made.person()
        one, two = await made.project(ada), await made.project(ada)
        async with (
            rtmp.encoder(port, one["stream_key"]) as first,
            showing(first),
            rtmp.encoder(port, two["stream_key"]) as second,
            showing(second),
        ):
            url = await url_of(ada, two)

            async def has_room() -> bool:
                return (await ada.client.get(url)).status_code == 200

            await eventually(has_room)
            await until(lambda: second.sent)
