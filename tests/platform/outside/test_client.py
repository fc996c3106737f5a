"""The HTTP client for services outside, against a server that misbehaves on demand."""

import io
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, said
from backline.concerts.demo.services.server import Fault, StandIn, serving
from backline.platform.outside.client import Away, Call, OutsideClient
from tests.support.serving import free_port

BYTES = bytes(range(250)) * 4


class Service:
    """Says what it was asked, and as much as is wanted."""

    def answer(self, request: Request) -> Answer:
        if request.path == "/large":
            return Answer(b"x" * (9 * 1024 * 1024))
        if request.path == "/elsewhere":
            return Answer(b"", HTTPStatus.FOUND, headers=[("Location", "/large")])
        if request.path == "/odd":  # another part than was asked for
            odd = [("Content-Range", "bytes 0-1/4")]
            return Answer(b"ab", HTTPStatus.PARTIAL_CONTENT, headers=odd)
        if request.path == "/bytes":
            begun = int(request.header("range").removeprefix("bytes=").removesuffix("-") or 0)
            part = [("Content-Range", f"bytes {begun}-999/1000")]
            status = HTTPStatus.PARTIAL_CONTENT if begun else HTTPStatus.OK
            return Answer(BYTES[begun:], status, headers=part if begun else ())
        told = {"agent": request.header("user-agent"), "body": request.body.decode()}
        return said(told | dict(request.query))

    def refuse(self, how: Refusal) -> Answer:
        status = HTTPStatus.BAD_GATEWAY if how == "unavailable" else HTTPStatus.TOO_MANY_REQUESTS
        return said({"how": how}, status)


@pytest.fixture
async def service() -> AsyncIterator[StandIn]:
    async with serving(Service()) as opened:
        yield opened


@pytest.fixture
async def client() -> AsyncIterator[OutsideClient]:
    opened = OutsideClient("Backline/test", whole_s=5)
    yield opened
    await opened.close()


async def test_it_says_who_it_is_and_sends_forms(service: StandIn, client: OutsideClient) -> None:
    call = Call("POST", f"{service.url}/x", {"q": "ä b"}, form={"data": "node;"})
    reply = await client.ask("it", call)

    assert reply.status == 200
    assert reply.body == '{"agent":"Backline/test","body":"data=node%3B","q":"ä b"}'.encode()


@pytest.mark.parametrize("fault", ["cut", "gone", "unavailable"])
async def test_a_failure_is_told_and_counted(
    service: StandIn, client: OutsideClient, fault: Fault
) -> None:
    service.spoil(*[fault] * 5)
    for _ in range(5):
        assert client.allows("it")
        with pytest.raises(Away) as told:
            await client.ask("it", Call("GET", service.url))
        assert told.value.was_asked

    assert not client.allows("it")
    assert client.allows("another")


async def test_a_refusal_is_an_answer(service: StandIn, client: OutsideClient) -> None:
    service.spoil(*["too many"] * 9)
    replies = [await client.ask("it", Call("GET", service.url)) for _ in range(9)]

    assert {reply.status for reply in replies} == {429}
    assert client.allows("it")


async def test_silence_has_a_bound(service: StandIn) -> None:
    client = OutsideClient("Backline/test", whole_s=0.2)
    service.spoil("hangs")
    with pytest.raises(Away, match="doesn't answer"):
        await client.ask("it", Call("GET", service.url))
    await client.close()


async def test_size_has_a_bound(service: StandIn, client: OutsideClient) -> None:
    with pytest.raises(Away, match="more than"):
        await client.ask("it", Call("GET", f"{service.url}/large"))


async def test_nobody_is_led_elsewhere(service: StandIn, client: OutsideClient) -> None:
    reply = await client.ask("it", Call("GET", f"{service.url}/elsewhere"))

    assert reply.status == 302
    assert [request.path for request in service.asked] == ["/elsewhere"]


async def test_who_wasnt_reached_wasnt_asked(client: OutsideClient) -> None:
    with pytest.raises(Away) as told:
        await client.ask("it", Call("GET", f"http://127.0.0.1:{free_port()}/"))

    assert not told.value.was_asked


async def test_bytes_go_on_where_they_broke_off(service: StandIn, client: OutsideClient) -> None:
    into, call = io.BytesIO(), Call("GET", f"{service.url}/bytes", most_bytes=1_000)
    service.spoil("cut")
    with pytest.raises(Away):
        await client.fetch("it", call, into, whole_s=5)
    begun = into.tell()
    reply = await client.fetch("it", call, into, whole_s=5)

    assert 0 < begun < len(BYTES)
    assert (reply.status, reply.body, into.getvalue()) == (206, b"", BYTES)


async def test_what_isnt_the_rest_or_is_too_much_is_none(
    service: StandIn, client: OutsideClient
) -> None:
    into = io.BytesIO(b"xx")
    into.seek(2)
    with pytest.raises(Away):
        await client.fetch("it", Call("GET", f"{service.url}/odd"), into, whole_s=5)
    assert into.getvalue() == b""
    small = Call("GET", f"{service.url}/bytes", most_bytes=999)
    with pytest.raises(Away, match="more than 999 bytes"):
        await client.fetch("it", small, into, whole_s=5)
