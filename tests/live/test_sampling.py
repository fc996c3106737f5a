"""Nodes with real encoders write samples: of one show one series, whoever has it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from backline.live import graphs
from backline.live.node import measuring, sampling
from tests.support import rtmp
from tests.support.going_live import Stage, listens, stage
from tests.support.installation import free_port
from tests.support.things import Person
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow
EVERY_S = 2


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other second instead of every half minute."""
    for module in (graphs, sampling):
        monkeypatch.setattr(module, "EVERY_S", EVERY_S)
    monkeypatch.setattr(measuring, "_LEAST_NOTES", 1)


async def paced(encoder: rtmp.Encoder) -> None:
    await encoder.send_all(rtmp.opening())
    number = 0
    while True:
        await encoder.send_paced(rtmp.frames(1, first=number))
        number += 25


async def graph_of(made: Stage, person: Person, project: dict[str, Any]) -> dict[str, Any]:
    """The graph of its only show."""
    (show,) = await made.shows(person, project)
    async with made.api.platform.database.write():
        pass
    where = f"/live/projects/{project['id']}/shows/{show['id']}/graph"
    return (await person.get(where)).json()


def known(values: list[Any]) -> list[Any]:
    return [one for one in values if one is not None]


async def test_whoever_takes_a_show_over_goes_on_with_its_graph(dsn: str, tmp_path: Path) -> None:
    ports = free_port(), free_port()
    async with stage(dsn, tmp_path) as made, rtmp.sink_server() as sink:
        ada = await made.person()
        project = await made.project(ada)
        await made.destination(ada, project, sink)
        await made.destination(ada, project, sink, name="Spare", enabled=False)
        told: dict[str, Any] = {}

        async def has(count: int) -> bool:
            told.update(await graph_of(made, ada, project))
            return len(known(told["incoming"]["bitrate_kbps"])) >= count

        async with made.node(ports[0]), made.node(ports[1]):
            await listens(ports[0])
            await listens(ports[1])
            async with rtmp.encoder(ports[0], project["stream_key"]) as first:
                showing = asyncio.create_task(paced(first))
                await eventually(lambda: has(2))
                before = dict(told)
                async with rtmp.encoder(ports[1], project["stream_key"]) as second:
                    await asyncio.wait_for(first.lost, 30)
                    showing.cancel()
                    again = asyncio.create_task(paced(second))
                    so_far = len(known(before["incoming"]["bitrate_kbps"]))
                    await eventually(lambda: has(so_far + 2))
                    again.cancel()

    (sent,) = told["destinations"]
    assert told["begins_at"] == before["begins_at"]
    assert told["incoming"]["bitrate_kbps"][0] == before["incoming"]["bitrate_kbps"][0]
    assert min(known(told["incoming"]["bitrate_kbps"])) > 0
    assert told["show"]["returns"] == 1
    assert sent["name"] == "Ours"
    assert "live" in sent["state"]
    assert max(known(sent["bitrate_kbps"])) > 0


async def test_a_database_that_is_away_costs_samples_alone(
    dsn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    async with stage(dsn, tmp_path) as made, rtmp.sink_server() as sink:
        ada = await made.person()
        project = await made.project(ada)
        await made.destination(ada, project, sink)
        said: list[str] = []

        def is_lost() -> bool:
            said.append("".join(capsys.readouterr()))
            return any("samples_lost" in one for one in said)

        async def is_told() -> bool:
            graph = await graph_of(made, ada, project)
            return len(known(graph["incoming"]["fps"])) >= 1

        async with made.node(port):
            await listens(port)
            async with rtmp.encoder(port, project["stream_key"]) as encoder:
                showing = asyncio.create_task(paced(encoder))
                await until(lambda: sink.messages)
                async with made.api.platform.database.write() as tx:
                    # Whoever writes samples waits, until it took too long over them.
                    await tx.execute("LOCK TABLE live_samples")
                    await until(is_lost)
                    during = len(sink.messages)
                    await until(lambda: len(sink.messages) > during + 50)
                    status = await made.status(ada, project)
                await eventually(is_told)
                showing.cancel()

    assert status["state"] == "live"
    assert status["incoming"]["bitrate_kbps"] > 0
