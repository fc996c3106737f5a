"""A hunt for requests that are answered as if they were our fault: every operation, as described.

Nothing has to be added for a new endpoint. What is sent can't be decoded or can't be stored;
whoever sends it is told so.
"""

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.operations import Operation, operations, request_of
from tests.support.things import UNKNOWN, Person
from tests.support.waiting import WAIT_S
from tests.support.world import World

pytestmark = pytest.mark.slow

# Streams don't end.
ALL = [one for one in operations() if one.label != "GET /api/v1/events"]
TYPES = ("application/json", "application/merge-patch+json", "text/plain", "")
BODIES = (
    b'{"name":"a\\u0000"}',
    b"[" * 100_000,
    b'{"name":' * 20_000,
    b'{"name":"\xff\xfe"}',
    b'{"name":"\\ud800"}',
    b'{"name":1e400,"version":99999999999999999999999}',
    b"\0",
    b"",
)
CURSORS = ("", "=", "\x7f", "AAAA", "e30", "%F0%9F%8E%B5", "9" * 500, "x" * 5_000)
HEADERS: tuple[dict[str, str | bytes], ...] = (
    {"If-Match": '"99999999999999999999"', "If-None-Match": "\xff"},
    {"Idempotency-Key": "\x7f"},
    {"Range": "bytes=99999999999999999999999-", "Accept-Encoding": "gzip;q=nan, *;q=1e999"},
    {"Content-Type": "application/json; charset=nowhere"},
    {"Content-Type": "multipart/form-data"},
    {"Cookie": b"backline_watermark=\xff; backline_refresh=\xff"},
    {"Backline-Watermark": "1.2.a.b"},
    {"Authorization": b"Bearer \xff"},
    {"User-Agent": b"\xc3\x28", "Accept": ";;;"},
    *(
        {"Tus-Resumable": "1.0.0", "Upload-Length": length, "Upload-Metadata": metadata}
        for length in ("3", "99999999999999999999999", "-1", "\u0663")
        for metadata in ("filename AA==", "filename /////w==", "filename ====", "a b c", ",", "")
    ),
    {"Tus-Resumable": "1.0.0", "Upload-Offset": "99999999999999999999999"},
    {"Tus-Resumable": "1.0.0", "Upload-Offset": "x", "Upload-Checksum": "sha1 ="},
)


async def _ask(person: Person, operation: Operation, **given: Any) -> httpx.Response:
    ids = {one.name: UNKNOWN for one in operation.ids}
    request: dict[str, Any] = {**request_of(operation, ids), **given}
    headers = {**request.pop("headers"), **given.get("further", {})}
    request.pop("further", None)
    if "content" in given:
        request.pop("json", None)
        request.pop("files", None)
    named = {
        name: value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        for name, value in headers.items()
    }
    async with asyncio.timeout(WAIT_S):
        return await person.client.request(**request, headers=named)


async def test_no_body_is_our_fault(world: World) -> None:
    for operation in ALL:
        if operation.body_type is None:
            continue
        person = world.root if operation.is_admin else world.ada
        for kind in TYPES:
            for body in BODIES:
                further = {"Content-Type": kind} if kind else {}
                answer = await _ask(person, operation, content=body, further=further)

                assert answer.status_code < 500, (operation.label, kind, body[:40], answer.text)
        await person.renew()


async def test_no_cursor_is_our_fault(world: World) -> None:
    for operation in ALL:
        if not operation.has_limit:
            continue
        person = world.root if operation.is_admin else world.ada
        for cursor in CURSORS:
            answer = await _ask(person, operation, params={"cursor": cursor})

            assert answer.status_code < 500, (operation.label, cursor[:40], answer.text)
        beyond = await _ask(person, operation, params={"limit": "9" * 40})
        assert beyond.status_code == 422, operation.label


async def test_no_header_is_our_fault(world: World) -> None:
    for operation in ALL:
        person = world.root if operation.is_admin else world.ada
        for headers in HEADERS:
            answer = await _ask(person, operation, further=headers)

            assert answer.status_code < 500, (operation.label, headers, answer.text)
        await person.renew()
