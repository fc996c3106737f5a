"""Whatever an encoder says between two sensible shows, destinations get what they can use."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from backline.live.relay.models import Change, DestinationSpec, Pace
from backline.live.relay.push import Way
from backline.live.relay.stream import Stream
from backline.live.rtmp.messages import AUDIO, DATA, VIDEO
from tests.support import rtmp

STARTS = st.sampled_from([b"\x17\x00", b"\x17\x01", b"\x27\x01", b"\x90hvc1", b"\x93av01", b"\xaf"])
PAYLOADS = st.builds(bytes.__add__, STARTS, st.binary(max_size=40)) | st.binary(max_size=60)
MESSAGES = st.tuples(st.sampled_from([AUDIO, VIDEO, DATA]), st.integers(0, (1 << 32) - 1), PAYLOADS)


@given(st.lists(MESSAGES, max_size=30))
def test_any_messages(show: list[tuple[int, int, bytes]]) -> None:
    """Nobody is there: what waits for a connection is kept within bounds and in order."""

    async def publish() -> None:
        changes: list[Change] = []
        way = Way(allow_private=True, tls=no_tls, pace=Pace())
        stream = Stream("one", way, lambda _id: None)
        stream.add(DestinationSpec("one", "rtmp://127.0.0.1:1/app", "a-key"), changes.append)
        stream.attach(lambda _reason: None)
        for kind, when, payload in [*show, *rtmp.frames(0.2)]:
            stream.media(kind, when, payload)
            stream.flush()
        waiting = stream._pushes["one"]._backlog.take(1 << 40)
        await stream.end("Over.")

        assert [one.payload for one in waiting][-15:] == [one[2] for one in rtmp.frames(0.2)]
        assert all(0 <= one.timestamp_ms < 1 << 32 for one in waiting)
        assert len(stream.figures().notices) <= 5

    asyncio.run(publish())


def no_tls() -> None:
    raise AssertionError("nobody asks for it")
