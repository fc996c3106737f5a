"""Which requests the lane remembers, and how it tells them apart."""

import asyncio
import contextlib
import gzip
import socket
import struct
from pathlib import Path

import brotli
import pytest
import zstandard

from backline.platform.front import lane
from tests.support.lane import (
    ASK_OFTEN,
    ELSEWHERE,
    HERE,
    LIST,
    ME,
    House,
    Wire,
    get,
    log_lines,
    open_house,
    requests_counted,
    token_of,
)
from tests.support.things import Person
from tests.support.waiting import eventually, until

pytestmark = pytest.mark.slow

# What a request may ask for


@pytest.mark.parametrize(
    "line",
    [
        "Cache-Control: no-cache",
        "Connection: close",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Connection: Upgrade\r\nUpgrade: h2c",
    ],
)
async def test_what_asks_for_more_than_a_kept_answer_is_not_remembered(
    house: House, ada: Person, line: str
) -> None:
    head = get(ME, token_of(ada), line)
    bodies = {"Content-Length: 3": [b"abc"], "Transfer-Encoding: chunked": [b"0\r\n\r\n"]}

    for _ in range(ASK_OFTEN):
        async with house.connected() as wire:
            assert (await wire.ask(head, *bodies.get(line, []))).status == 200

    assert house.lane.answers == 0


async def test_a_head_of_http_1_0_is_not_remembered(house: House, ada: Person) -> None:
    head = get(ME, token_of(ada)).replace(b"HTTP/1.1", b"HTTP/1.0")

    for _ in range(ASK_OFTEN):
        async with house.connected() as wire:
            assert (await wire.ask(head)).header("connection") == "close"

    assert house.lane.answers == 0


async def test_an_unknown_host_is_refused_each_time(ada: Person, wire: Wire) -> None:
    await wire.by_lane(get(ME, token_of(ada)))
    head = get(ME, token_of(ada), host="evil.example.org")

    answers = [await wire.ask(head) for _ in range(ASK_OFTEN)]

    assert {(one.status, one.by_lane) for one in answers} == {(421, False)}


@pytest.mark.parametrize("proxies", [HERE, f"{HERE},{ELSEWHERE}"], ids=["one", "both"])
async def test_a_head_is_remembered_for_the_peer_that_it_came_from(
    dsn: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], proxies: str
) -> None:
    told = {"BACKLINE_LOG_FORMAT": "json", "BACKLINE_TRUSTED_PROXIES": proxies}
    async with (
        open_house(dsn, tmp_path, **told) as house,
        house.connected(HERE) as one,
        house.connected(ELSEWHERE) as other,
    ):
        ada = await house.person("ada@example.org")
        head = get(ME, token_of(ada), "X-Forwarded-For: 192.0.2.1")
        ids = [(await wire.by_lane(head)).header("x-request-id") for wire in (one, other)]
        said = log_lines(house, capfdbinary)

    elsewhere = "192.0.2.1" if ELSEWHERE in proxies else ELSEWHERE
    assert [said[one]["address"] for one in ids] == ["192.0.2.1", elsewhere]


async def test_two_proxies_in_turn_are_both_answered_by_the_lane(house: House, ada: Person) -> None:
    head = get(ME, token_of(ada))
    async with house.connected(HERE) as one, house.connected(ELSEWHERE) as other:

        async def are_both() -> bool:
            replies = [await wire.ask(head) for wire in (one, other)]
            return all(reply.by_lane for reply in replies)

        await eventually(are_both)


async def test_other_words_of_forwarding_are_another_request(
    dsn: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    told = {"BACKLINE_LOG_FORMAT": "json", "BACKLINE_TRUSTED_PROXIES": HERE}
    async with open_house(dsn, tmp_path, **told) as house, house.connected() as wire:
        ada = await house.person("ada@example.org")
        heads = [
            get(ME, token_of(ada), f"X-Forwarded-For: {address}")
            for address in ("192.0.2.1", "192.0.2.2")
        ]
        ids = [(await wire.by_lane(head)).header("x-request-id") for head in heads]
        said = log_lines(house, capfdbinary)

    assert [said[one]["address"] for one in ids] == ["192.0.2.1", "192.0.2.2"]


async def test_an_encoding_is_what_its_own_head_takes(ada: Person, wire: Wire) -> None:
    plain = await wire.by_lane(get(LIST, token_of(ada)))
    decoded = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
    }

    for name, decode in decoded.items():
        answer = await wire.by_lane(get(LIST, token_of(ada), f"Accept-Encoding: {name}"))
        assert answer.header("content-encoding") == name
        assert decode(answer.body) == plain.body


async def test_what_one_has_already_is_not_sent_until_it_changes(ada: Person, wire: Wire) -> None:
    tag = (await wire.by_lane(get(LIST, token_of(ada)))).header("etag")
    head = get(LIST, token_of(ada), f"If-None-Match: {tag}")
    unchanged = await wire.by_lane(head)
    track = await ada.get("/tracks")

    await ada.client.patch(f"{LIST}/{track.json()['items'][0]['id']}", json={"title": "New"})
    changed = await wire.by_lane(head)

    assert (unchanged.status, unchanged.body, unchanged.header("etag")) == (304, b"", tag)
    assert (changed.status, changed.json()["items"][0]["title"]) == (200, "New")


async def test_what_was_only_ever_asked_whether_it_changed_is_answered_by_the_lane(
    ada: Person, wire: Wire
) -> None:
    head = get(LIST, token_of(ada), "If-None-Match: *", "Accept-Encoding: br")

    assert (await wire.by_lane(head)).status == 304


async def test_head_has_no_body_and_goes_the_whole_way(ada: Person, wire: Wire) -> None:
    await wire.by_lane(get(ME, token_of(ada)))
    head = get(ME, token_of(ada), method="HEAD")

    answers = [await wire.ask(head, has_body=False) for _ in range(ASK_OFTEN)]

    assert not any(one.by_lane for one in answers)
    assert len({one.status for one in answers}) == 1


async def test_the_order_of_parameters_says_nothing(ada: Person, wire: Wire) -> None:
    one = await wire.by_lane(get(f"{LIST}?limit=2&order=asc", token_of(ada)))
    other = await wire.by_lane(get(f"{LIST}?order=asc&limit=2", token_of(ada)))
    third = await wire.by_lane(get(f"{LIST}?order=asc&limit=3", token_of(ada)))

    assert one.body == other.body
    assert [len(reply.json()["items"]) for reply in (one, other, third)] == [2, 2, 3]


async def test_a_server_that_drains_says_so_at_once(house: House, ada: Person, wire: Wire) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)

    house.server.drain()
    last = await wire.ask(head)

    assert (last.status, last.by_lane, last.header("connection")) == (200, False, "close")
    assert await wire.reader.read() == b""


async def test_what_is_known_waits_for_what_was_asked_before(
    house: House, ada: Person, wire: Wire
) -> None:
    known = get(ME, token_of(ada))
    await wire.by_lane(known)

    async with house.api.platform.database.write() as tx:
        await tx.execute("LOCK TABLE tracks IN ACCESS EXCLUSIVE MODE")
        wire.writer.write(get(f"{LIST}?limit=1", token_of(ada)))
        await until(lambda: house.server._state.tasks)
        wire.writer.write(known)
        await asyncio.sleep(0.1)
    replies = [await wire.reply() for _ in range(2)]

    assert ["items" in reply.json() for reply in replies] == [True, False]


async def test_a_body_that_reads_like_a_known_head_is_no_request(ada: Person, wire: Wire) -> None:
    known = get(ME, token_of(ada))
    await wire.by_lane(known)
    length = f"Content-Length: {len(known)}"
    await wire.ask(get(ME, token_of(ada), length, method="POST", host="evil.example.org"))

    answer = await wire.ask(known, get(f"{LIST}?limit=1", token_of(ada)))

    assert not answer.by_lane
    assert "items" in answer.json()


async def test_a_head_in_pieces_goes_the_whole_way(ada: Person, wire: Wire) -> None:
    head = get(ME, token_of(ada))
    await wire.by_lane(head)

    answer = await wire.ask(head[:30], head[30:])

    assert (answer.status, answer.by_lane) == (200, False)


async def test_who_was_gone_before_the_connection_was_taken_in_is_no_fault(
    house: House, ada: Person, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    head = get(ME, token_of(ada))
    await wire.whole_way(head)
    remembered, requests = house.remembered(), requests_counted()

    # The loop stands still meanwhile: it finds the connection, the head and its end at once.
    with socket.create_connection((HERE, house.port)) as gone:
        gone.send(head)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def is_over() -> bool:
        return requests_counted() > requests and len(house.server._connections()) == 1

    with contextlib.suppress(TimeoutError):  # some kernels drop what came as well
        await eventually(is_over, 2)
    assert house.remembered() == remembered
    assert not caplog.records


# What is remembered


async def test_what_is_remembered_is_bounded_and_what_is_used_stays(
    house: House, ada: Person, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = house.api.web.app._heads
    monkeypatch.setattr(heads, "_most", 4)
    favourite = get(ME, token_of(ada))
    await wire.by_lane(favourite)

    for number in range(20):
        await wire.by_lane(get(ME, token_of(ada), f"X-Number: {number}"))
        assert (favourite, HERE) in heads._fresh | heads._old
        assert house.remembered() <= 8
        await wire.ask(favourite)


async def test_a_long_head_is_not_remembered(house: House, ada: Person, wire: Wire) -> None:
    head = get(ME, token_of(ada), "X-Long: " + "a" * (lane._LONGEST_BYTES - 100))

    await wire.whole_way(head)
    answers = [await wire.ask(head) for _ in range(ASK_OFTEN)]

    assert {(one.status, one.by_lane) for one in answers} == {(200, False)}
    assert house.remembered() == 0
