"""What a scrape of a node says, while shows begin, go on and end."""

import asyncio
import contextlib
from pathlib import Path

import httpx
import pytest

from tests.support import rtmp
from tests.support.going_live import listens, stage
from tests.support.installation import free_port
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow


def samples(text: str, name: str) -> dict[str, float]:
    """The values of a metric by their labels."""
    lines = [line for line in text.splitlines() if line.startswith(f"backline_live_{name}{{")]
    return {line.partition("{")[2].partition("}")[0]: float(line.split()[-1]) for line in lines}


async def test_a_scrape_tells_of_shows_and_of_each_destination(dsn: str, tmp_path: Path) -> None:
    port, metrics = free_port(), free_port()
    async with stage(dsn, tmp_path) as made, rtmp.sink_server() as sink, httpx.AsyncClient() as web:

        async def scraped() -> str:
            answer = await web.get(f"http://127.0.0.1:{metrics}/metrics", timeout=60)
            return answer.raise_for_status().text

        async with made.node(port, BACKLINE_LIVE_METRICS_PORT=str(metrics)):
            await listens(port)
            ada = await made.person()
            project = await made.project(ada, hold_s=600)
            before = await scraped()
            one = await made.destination(ada, project, sink)
            off = await made.destination(ada, project, sink, enabled=False)
            async with rtmp.encoder(port, project["stream_key"]) as encoder:
                await encoder.send_all(rtmp.opening())
                sending = asyncio.create_task(encoder.send_paced(rtmp.frames(60)))

                async def is_told() -> bool:
                    rates = samples(await scraped(), "destination_bits_per_second")
                    return any(rates.values())

                await eventually(is_told)
                during = await scraped()
                sending.cancel()
                encoder.finish()
            await made.is_in(ada, project, "held")
            held = await scraped()

        with pytest.raises(httpx.ConnectError):
            await scraped()

    ids = {key: one["id"].replace("-", "") for key, one in (("one", one), ("off", off))}
    lags = samples(during, "destination_lag_seconds")
    assert samples(before, "shows") == {'state="live"': 0, 'state="held"': 0}
    assert samples(during, "shows") == {'state="live"': 1, 'state="held"': 0}
    assert samples(during, "destinations") == {'state="live"': 1, 'state="idle"': 1}
    assert sorted(label.split('"')[1] for label in lags) == sorted(ids.values())
    assert all('preset="custom"' in label for label in lags)
    assert samples(during, "incoming_bits_per_second").keys() == {
        f'project="{project["id"].replace("-", "")}"'
    }
    assert samples(held, "shows") == {'state="live"': 0, 'state="held"': 1}


async def test_every_scrape_is_answered_while_shows_and_destinations_come_and_go(
    dsn: str, tmp_path: Path
) -> None:
    port, metrics, answers = free_port(), free_port(), list[int]()
    async with (
        stage(dsn, tmp_path) as made,
        rtmp.sink_server() as sink,
        made.node(port, BACKLINE_LIVE_METRICS_PORT=str(metrics)),
    ):
        await listens(port)
        ada = await made.person()
        project = await made.project(ada, hold_s=0)
        for _ in range(8):
            await made.destination(ada, project, sink)

        async def scrape() -> None:
            async with httpx.AsyncClient() as web:
                while True:
                    answer = await web.get(f"http://127.0.0.1:{metrics}/metrics", timeout=60)
                    answers.append(answer.status_code)

        scraping = [asyncio.create_task(scrape()) for _ in range(2)]
        for _ in range(3):
            seen = len(answers)
            async with rtmp.encoder(port, project["stream_key"]) as encoder:
                await encoder.send_all([*rtmp.opening(), *rtmp.frames(2)])
                await until(lambda seen=seen: len(answers) > seen + 20)
                encoder.finish()
            await made.is_in(ada, project, "off")
        for task in scraping:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    assert set(answers) == {200}
