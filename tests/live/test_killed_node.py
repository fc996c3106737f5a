"""A node that is killed in the middle of shows: another goes on with them, behind one address."""

from pathlib import Path

import pytest

from tests.support import rtmp
from tests.support.going_live import stage
from tests.support.lasting_encoder import lasting_encoder, numbers
from tests.support.live_nodes import balanced, live_nodes
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.chaos]

KEY_FRAME = 0x17


async def test_a_show_goes_on_at_another_node_when_its_own_is_killed(
    dsn: str, open_folder: Path, tmp_path: Path
) -> None:
    async with (
        stage(dsn, open_folder) as made,
        rtmp.sink_server() as one,
        rtmp.sink_server() as two,
    ):
        ada = await made.person()
        project = await made.project(ada)
        for sink in (one, two):
            await made.destination(ada, project, sink)
        with live_nodes(open_folder, made.environ) as nodes:
            async with (
                balanced(tmp_path, nodes) as port,
                lasting_encoder(port, project["stream_key"]) as encoder,
            ):
                await until(lambda: len(numbers(one.messages)) > 50 < len(numbers(two.messages)))
                before = await made.is_in(ada, project, "live")
                (holder,) = [node for node in nodes if node.reaches(one.port)]

                holder.kill()

                for sink in (one, two):
                    await until(lambda sink=sink: len(sink.sinks) == 2 and sink.sinks[1].messages)
                    await until(lambda sink=sink: len(numbers(sink.sinks[1].messages)) > 25)
                after = await made.is_in(ada, project, "live")
                shows = await made.shows(ada, project)

    assert before["show_id"] == after["show_id"]
    assert [(show["returns"], show["ended_at"]) for show in shows] == [(1, None)]
    (_, began), (_, returned) = encoder.connections
    for sink in (one, two):
        whole, again = (numbers(each.messages) for each in sink.sinks)
        assert whole == list(range(began, began + len(whole)))
        assert again == list(range(returned, returned + len(again)))
        first = next(m for m in sink.sinks[1].messages if m.payload[:2] == b"\x17\x01")
        assert first.payload[0] == KEY_FRAME
        assert {each.stream_key for each in sink.sinks} == {"their-secret"}
