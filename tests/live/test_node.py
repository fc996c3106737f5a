"""A node with real encoders and sinks: what rows want is what is relayed."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from backline.live.rtmp.faults import Turned
from tests.support import rtmp
from tests.support.going_live import Stage, listens, stage
from tests.support.installation import free_port
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow

KEY_FRAME = 0x17
MOST_MIXED_MS = 100  # by which sound and picture of one encoder are mixed


@pytest.fixture
async def place(dsn: str, tmp_path: Path) -> AsyncIterator[tuple[Stage, int]]:
    port = free_port()
    async with stage(dsn, tmp_path) as made, made.node(port):
        await listens(port)
        yield made, port


async def paced(encoder: rtmp.Encoder, first: int = 0) -> None:
    """A show that goes on until it is cancelled."""
    number = first
    if first == 0:
        await encoder.send_all(rtmp.opening())
    while True:
        await encoder.send_paced(rtmp.frames(1, first=number))
        number += 25


async def is_shut(port: int) -> bool:
    """Whether nobody is let in there any more."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return True
    writer.close()
    return False


async def refused(port: int, stream_key: str, app: str = "live") -> str:
    try:
        async with rtmp.encoder(port, stream_key, app):
            raise AssertionError("It was let in.")
    except (Turned, OSError) as fault:
        return str(fault)


async def test_a_show_reaches_its_destinations_and_is_told_of(place: tuple[Stage, int]) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    async with rtmp.sink_server() as one, rtmp.sink_server() as two:
        await made.destination(ada, project, one)
        off = await made.destination(ada, project, two, enabled=False)
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            showing = asyncio.create_task(paced(encoder))
            await until(lambda: len(one.messages) > 200)

            async def is_told() -> bool:
                status = await made.status(ada, project)
                return status["state"] == "live" and status["incoming"]["bitrate_kbps"] > 0

            await eventually(is_told)
            status = await made.status(ada, project)
            every = (await ada.get("/live/status")).json()["items"]
            ingest = (await ada.get("/live/ingest")).json()
            showing.cancel()
            encoder.finish()
        await made.is_in(ada, project, "held")
        shows = await made.shows(ada, project)

    by_id = {relay["id"]: relay["state"] for relay in status["relays"]}
    assert (status["incoming"]["width"], status["incoming"]["video"]) == (640, "H.264")
    assert (by_id.pop(off["id"]), list(by_id.values())) == ("off", ["live"])
    assert [one["state"] for one in every] == ["live"]
    assert ingest["fault"] is None
    assert one.messages == encoder.sent[: len(one.messages)]
    assert one.sinks[0].stream_key == "their-secret"
    assert two.sinks == []
    assert [(show["id"], show["ended_at"]) for show in shows] == [(status["show_id"], None)]


async def test_destinations_come_and_go_without_touching_the_others(
    place: tuple[Stage, int],
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    async with rtmp.sink_server() as one, rtmp.sink_server() as two:
        await made.destination(ada, project, one)
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            showing = asyncio.create_task(paced(encoder))
            await until(lambda: one.messages)
            second = await made.destination(ada, project, two)
            where = f"/api/v1/live/projects/{project['id']}/destinations/{second['id']}"
            await until(lambda: len(two.messages) > 10)
            await ada.client.patch(where, json={"enabled": False})
            await until(lambda: two.sinks[0].is_lost)
            await ada.client.patch(where, json={"enabled": True})
            await until(lambda: len(two.sinks) == 2 and len(two.sinks[1].messages) > 10)
            await ada.client.delete(where)
            await until(lambda: two.sinks[1].is_lost)
            await ada.client.post(f"{where}/restore")
            await until(lambda: len(two.sinks) == 3 and len(two.sinks[2].messages) > 10)
            showing.cancel()
            await until(lambda: len(one.messages) >= len(encoder.sent))

        assert one.messages == encoder.sent
        assert len(one.sinks) == 1
        assert [sink.messages[3].payload[0] for sink in two.sinks] == [KEY_FRAME] * 3


async def test_a_wrong_key_a_wrong_app_and_a_key_of_before_are_refused_in_words(
    place: tuple[Stage, int], capsys: pytest.CaptureFixture[str]
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    key = project["stream_key"]

    wrong = await refused(port, "abcd-efgh-jkmn-pqrs-tuvw-xyz2")
    elsewhere = await refused(port, key, "stream")
    renewed = (await ada.post(f"/live/projects/{project['id']}/stream-key")).json()["stream_key"]
    before = await refused(port, key)
    async with rtmp.encoder(port, renewed.upper().replace("-", "")):
        await made.is_in(ada, project, "live")
    said = "".join(capsys.readouterr())

    assert "isn't known here" in wrong
    assert "only “live”" in elsewhere
    assert "isn't known here" in before
    assert [one for one in (key, renewed, "tuvw") if one in said] == []


async def test_the_newest_encoder_takes_over_and_the_show_goes_on(place: tuple[Stage, int]) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    async with rtmp.sink_server() as sink:
        await made.destination(ada, project, sink)
        async with rtmp.encoder(port, project["stream_key"]) as first:
            showing = asyncio.create_task(paced(first))
            await until(lambda: len(sink.messages) > 50)
            async with rtmp.encoder(port, project["stream_key"]) as second:
                await asyncio.wait_for(first.lost, 30)
                showing.cancel()
                seen = len(sink.messages)
                again = asyncio.create_task(paced(second))
                await until(lambda: len(sink.messages) > seen + 50)
                again.cancel()
                shows = await made.shows(ada, project)

        times = [one.timestamp_ms for one in sink.messages if one.kind != rtmp.DATA]
        assert len(sink.sinks) == 1
        assert min(later - sooner for sooner, later in pairwise(times)) >= -MOST_MIXED_MS
        assert [(show["ended_at"], show["returns"]) for show in shows] == [(None, 1)]


async def test_an_encoder_that_comes_back_in_time_finds_its_destinations(
    place: tuple[Stage, int],
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada, hold_s=600)
    async with rtmp.sink_server() as sink:
        await made.destination(ada, project, sink)
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: sink.messages)
        held = await made.is_in(ada, project, "held")
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            await made.is_in(ada, project, "live")
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: len(sink.messages) > 200)
        (show,) = await made.shows(ada, project)

        assert held["held_until"] is not None
        assert len(sink.sinks) == 1
        assert (show["returns"], show["ended_at"]) == (1, None)


async def test_without_a_hold_the_show_ends_with_its_encoder(place: tuple[Stage, int]) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada, hold_s=0)
    async with rtmp.sink_server() as sink:
        await made.destination(ada, project, sink)
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            await encoder.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: sink.messages)
            encoder.finish()
        await made.is_in(ada, project, "off")
        await until(lambda: sink.sinks[0].is_finished)
        (show,) = await made.shows(ada, project)

    assert show["ended_by"] == "encoder"


@pytest.mark.parametrize(
    ("how", "why", "word"),
    [
        ("delete", "deleted", "deleted"),
        ("stop", "stopped", "stopped"),
        ("renew", "key", "renewed"),
        ("close", "account", "closed"),
    ],
)
async def test_what_ends_a_show_ends_it_at_once(
    place: tuple[Stage, int], how: str, why: str, word: str
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    where = f"/api/v1/live/projects/{project['id']}"
    async with rtmp.sink_server() as sink:
        await made.destination(ada, project, sink)
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            showing = asyncio.create_task(paced(encoder))
            await until(lambda: sink.messages)
            if how == "delete":
                await ada.client.delete(where)
            elif how == "stop":
                (await ada.client.post(f"{where}/stop")).raise_for_status()
            elif how == "renew":
                await ada.client.post(f"{where}/stream-key")
            else:
                async with made.api.platform.database.write() as tx:
                    await tx.execute("UPDATE users SET disabled_at = now()")
            await asyncio.wait_for(encoder.lost, 30)
            showing.cancel()
            await until(lambda: sink.sinks[0].is_finished)
        reason = await refused(port, project["stream_key"])
        ended: list[Any] = []

        async def is_over() -> bool:
            async with made.api.platform.database.read() as read:
                ended[:] = await read.fetch_values("SELECT ended_by FROM live_shows")
            return ended != [None]

        await eventually(is_over)

    assert ended == [why]
    assert any(word in said for said in encoder.said), encoder.said
    assert ("isn't known" if how in ("delete", "renew") else word) in reason


async def test_who_was_stopped_may_be_let_in_again(place: tuple[Stage, int]) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    where = f"/live/projects/{project['id']}"
    async with rtmp.encoder(port, project["stream_key"]) as encoder:
        await made.is_in(ada, project, "live")
        stopped = (await ada.post(f"{where}/stop")).json()
        await asyncio.wait_for(encoder.lost, 30)
    await made.is_in(ada, project, "closed")
    await refused(port, project["stream_key"])
    later = (await ada.get(where)).json()
    reopened = (await ada.post(f"{where}/reopen")).json()
    async with rtmp.encoder(port, project["stream_key"]):
        await made.is_in(ada, project, "live")

    assert stopped["closed_until"] < later["closed_until"]
    assert reopened["closed_until"] is None


async def test_a_failed_destination_is_tried_again_when_somebody_asks(
    place: tuple[Stage, int],
) -> None:
    made, port = place
    ada = await made.person()
    project = await made.project(ada)
    async with rtmp.sink_server() as sink:
        sink.refusal = "This key isn't one."
        one = await made.destination(ada, project, sink)
        where = f"/live/projects/{project['id']}/destinations/{one['id']}"
        async with rtmp.encoder(port, project["stream_key"]) as encoder:
            showing = asyncio.create_task(paced(encoder))
            relay: dict[str, Any] = {}

            async def has_failed() -> bool:
                relays = (await made.status(ada, project))["relays"]
                relay.update(relays[0] if relays else {})
                return relay.get("state") == "failed"

            await eventually(has_failed)
            sink.refusal = ""
            await ada.post(f"{where}/retry")
            await until(lambda: sink.messages)
            showing.cancel()

    assert "This key isn't one." in str(relay["reason"] or relay["last_error"])


async def test_another_node_takes_a_show_over(place: tuple[Stage, int]) -> None:
    made, port = place
    ada, other = await made.person(), free_port()
    project = await made.project(ada)
    async with rtmp.sink_server() as sink, made.node(other):
        await listens(other)
        await made.destination(ada, project, sink)
        async with rtmp.encoder(port, project["stream_key"]) as first:
            await first.send_all([*rtmp.opening(), *rtmp.frames(2)])
            await until(lambda: sink.messages)
            async with rtmp.encoder(other, project["stream_key"]) as second:
                await second.send_all([*rtmp.opening(), *rtmp.frames(2)])
                await asyncio.wait_for(first.lost, 30)
                await until(lambda: len(sink.sinks) == 2 and sink.sinks[1].messages)
                await until(lambda: sink.sinks[0].is_lost)
                status = await made.is_in(ada, project, "live")
        (show,) = await made.shows(ada, project)

    assert status["show_id"] == show["id"]
    assert show["returns"] == 1


async def test_a_port_in_use_is_told_and_tried_again(dsn: str, tmp_path: Path) -> None:
    async with stage(dsn, tmp_path) as made:
        ada, told = await made.person(), {}
        project = await made.project(ada)
        server = await asyncio.start_server(lambda _r, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with made.node(port):

            async def is_told() -> bool:
                told.update((await ada.get("/live/ingest")).json())
                return f"Port {port}" in (told["fault"] or "")

            await eventually(is_told)
            server.close()
            await server.wait_closed()

            async def is_in() -> bool:
                try:
                    async with rtmp.encoder(port, project["stream_key"]):
                        return True
                except (OSError, ConnectionError):
                    return False

            await eventually(is_in)

    assert "BACKLINE_RTMP_PORT" in told["fault"]


async def test_a_node_that_is_told_to_end_lets_shows_finish(dsn: str, tmp_path: Path) -> None:
    port = free_port()
    async with stage(dsn, tmp_path) as made, rtmp.sink_server() as sink:
        ada = await made.person()
        project = await made.project(ada, hold_s=0)
        await made.destination(ada, project, sink)
        async with made.node(port, BACKLINE_LIVE_DRAIN_S="600") as stop:
            await listens(port)
            async with rtmp.encoder(port, project["stream_key"]) as encoder:
                await encoder.send_all([*rtmp.opening(), *rtmp.frames(1)])
                await until(lambda: sink.messages)
                stop.set()
                await eventually(lambda: is_shut(port))
                await encoder.send_all(rtmp.frames(1, first=25))
                await until(lambda: len(sink.messages) >= len(encoder.sent))
                encoder.finish()
        (show,) = await made.shows(ada, project)

    assert sink.messages == encoder.sent
    assert show["ended_by"] == "encoder"
