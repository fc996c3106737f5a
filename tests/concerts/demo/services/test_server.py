"""What every stand-in can do to a request, on demand."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx
import pytest

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, said
from backline.concerts.demo.services.server import StandIn, serving


class Echo:
    """A service that says what it was asked."""

    def answer(self, request: Request) -> Answer:
        return said({"path": request.path, "query": dict(request.query), "body": "x" * 4_000})

    def refuse(self, how: Refusal) -> Answer:
        return said({"how": how}, HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.fixture
async def echo() -> AsyncIterator[StandIn]:
    async with serving(Echo()) as opened:
        yield opened


async def test_requests_are_answered_on_one_connection_and_remembered(
    echo: StandIn, client: httpx.AsyncClient
) -> None:
    for number in range(3):
        found = (await client.get(f"{echo.url}/a%20b", params={"n": str(number), "e": ""})).json()

    assert (found["path"], found["query"]) == ("/a b", {"n": "2", "e": ""})
    assert [request.query["n"] for request in echo.asked] == ["0", "1", "2"]


async def test_faults_come_in_order_and_once(echo: StandIn, client: httpx.AsyncClient) -> None:
    echo.spoil("too many", "unavailable")
    told = [(await client.get(echo.url)).json().get("how") for _ in range(3)]

    assert told == ["too many", "unavailable", None]


async def test_an_answer_can_be_cut_off(echo: StandIn, client: httpx.AsyncClient) -> None:
    echo.spoil("cut")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(echo.url)

    assert (await client.get(echo.url)).status_code == 200


async def test_a_connection_can_end_at_once(echo: StandIn, client: httpx.AsyncClient) -> None:
    echo.spoil("gone")
    with pytest.raises(httpx.HTTPError):
        await client.get(echo.url)


async def test_an_answer_can_be_no_json(echo: StandIn, client: httpx.AsyncClient) -> None:
    echo.spoil("garbage")
    answer = await client.get(echo.url)

    with pytest.raises(UnicodeDecodeError):
        answer.json()


async def test_a_slow_answer_comes_whole(echo: StandIn, client: httpx.AsyncClient) -> None:
    echo.spoil("slow")
    pieces = 0
    async with client.stream("GET", echo.url) as answer:
        async for _piece in answer.aiter_raw():
            pieces += 1

    assert pieces > 3


async def test_a_request_can_be_left_without_an_answer(
    echo: StandIn, client: httpx.AsyncClient
) -> None:
    echo.spoil("hangs")
    with pytest.raises(httpx.ReadTimeout):
        await client.get(echo.url, timeout=0.2)


async def test_what_isnt_http_ends_its_connection_only(
    echo: StandIn, client: httpx.AsyncClient
) -> None:
    port = int(echo.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"nonsense\r\n\r\n")

    assert await reader.read() == b""
    writer.close()
    assert (await client.get(echo.url)).status_code == 200
