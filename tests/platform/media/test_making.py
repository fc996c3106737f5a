"""What is sent while it is made: from the first piece to the end, or to where somebody left."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from backline.platform.errors import Unavailable
from backline.platform.http.asgi import Message
from backline.platform.media.making import send_made

HEADERS = [(b"content-type", b"audio/mpeg")]


class Client:
    """One that stays until it leaves."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def is_whole(self) -> bool:
        return not self.messages[-1].get("more_body", True)


def reading(
    pieces: Iterable[bytes | Exception], then: Callable[[], None] | None = None
) -> Callable[[], Awaitable[bytes]]:
    left = iter(pieces)

    async def read() -> bytes:
        piece = next(left, None)
        if piece is None and then is not None:
            then()
            await asyncio.Event().wait()
        if isinstance(piece, Exception):
            raise piece
        return piece or b""

    return read


async def test_pieces_go_out_one_by_one_until_there_are_none() -> None:
    client = Client()

    await send_made(reading([b"one", b"two"]), HEADERS, client.receive, client.send)

    assert client.messages[0] == {"type": "http.response.start", "status": 200, "headers": HEADERS}
    assert (client.body, client.is_whole) == (b"onetwo", True)


@pytest.mark.parametrize(("size_bytes", "body"), [(8, b"onetwo\0\0"), (4, b"onet"), (6, b"onetwo")])
async def test_a_length_that_was_told_is_kept(size_bytes: int, body: bytes) -> None:
    client = Client()

    await send_made(
        reading([b"one", b"two"]), HEADERS, client.receive, client.send, size_bytes=size_bytes
    )

    assert (b"content-length", b"%d" % size_bytes) in client.messages[0]["headers"]
    assert (client.body, client.is_whole) == (body, True)


async def test_what_fails_before_the_first_piece_can_still_be_answered() -> None:
    client = Client()

    with pytest.raises(Unavailable):
        await send_made(reading([Unavailable("no")]), HEADERS, client.receive, client.send)

    assert client.messages == []


async def test_what_fails_later_has_no_end() -> None:
    client = Client()

    await send_made(reading([b"one", Unavailable("no")]), HEADERS, client.receive, client.send)

    assert (client.body, client.is_whole) == (b"one", False)


async def test_who_leaves_ends_it_while_nothing_comes() -> None:
    client = Client()

    await send_made(reading([b"one"], client.left.set), HEADERS, client.receive, client.send)

    assert (client.body, client.is_whole) == (b"one", False)


async def test_who_takes_nothing_is_let_go() -> None:
    client = Client()

    async def stall(message: Message) -> None:
        client.messages.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    await send_made(reading([b"one"]), HEADERS, client.receive, stall, idle_s=0.01)

    assert not client.is_whole
