"""Handlers called past the framework: the same answers as through it, faults included."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar, Response, delete, get, patch, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Stream

from backline.platform.errors import Forbidden, NotFound, Unavailable
from backline.platform.front.application import application
from backline.platform.front.calls import Calls
from backline.platform.http.asgi import begin
from backline.platform.http.paging import Limit, Search
from tests.support.provided import provide

KNOWN = UUID("019a0000-0000-7000-8000-000000000001")
OTHER = UUID(int=1)


class Thing(msgspec.Struct, frozen=True):
    id: UUID
    word: str


class ThingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str
    times: int = 1


@get("/things")
async def _things(
    word: NamedDependency[str], who: NamedDependency[str], limit: Limit = 20, q: Search = ""
) -> Response[list[Thing]]:
    shown = [Thing(KNOWN, f"{word} {who} {q} {number}") for number in range(limit)]
    return Response(shown, headers={"Link": "<?cursor=x>; rel=next"})


@post("/things")
async def _add(data: JSONBody[ThingForm], who: NamedDependency[str]) -> Thing:
    return Thing(KNOWN, data.word * data.times + who)


@post("/things/perhaps")
async def _perhaps(data: JSONBody[ThingForm | None] = None) -> Response[ThingForm | None]:
    return Response(data, status_code=202, headers={"Location": "/things/1"})


@get("/things/{thing_id:uuid}")
async def _thing(thing_id: FromPath[UUID], who: NamedDependency[str]) -> Thing:
    if thing_id != KNOWN:
        raise NotFound("There is no such thing.")
    return Thing(thing_id, who)


@patch("/things/{thing_id:uuid}")
async def _change(thing_id: FromPath[UUID], data: JSONBody[ThingForm]) -> Thing:
    return Thing(thing_id, data.word)


@delete("/things/{thing_id:uuid}")
async def _delete(thing_id: FromPath[UUID]) -> None:
    if thing_id != KNOWN:
        raise NotFound("There is no such thing.")


@get("/busy")
async def _busy() -> Thing:
    raise Unavailable("Not now.", retry_after_s=7)


@get("/broken")
async def _broken() -> Thing:
    raise RuntimeError("nobody foresaw this")


@get("/unknown-kind")
async def _unknown_kind() -> Any:
    return [object()]


@post("/cookie", status_code=204)
async def _cookie() -> Response[None]:
    return Response(None, cookies=[Cookie("key", "value")])


@get("/bytes")
async def _bytes() -> Response[bytes]:
    return Response(b"\0\1", media_type="application/octet-stream")


@get("/text")
async def _text() -> Response[str]:
    return Response("plain", media_type="text/plain")


@get("/moved")
async def _moved() -> Redirect:
    return Redirect("/elsewhere")


@get("/stream")
async def _stream() -> Stream:
    return Stream(iter([b"a", b"b"]))


def _refuse(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    raise Forbidden("It is guarded.")


@get("/guarded", guards=[_refuse])
async def _guarded() -> Thing:
    return Thing(KNOWN, "out of reach")


def _on_fault(_request: Any, _fault: Exception) -> Response[bytes]:
    return Response(b"of its own", status_code=418)


@get("/own-faults", exception_handlers={NotFound: _on_fault})
async def _own_faults() -> Thing:
    raise NotFound("It isn't here.")


async def _who(word: NamedDependency[str]) -> str:
    return word.upper()


PLAIN = [_things, _add, _perhaps, _thing, _change, _delete, _busy, _broken, _cookie, _bytes]
UNUSUAL_ANSWERS = [_unknown_kind, _text, _moved, _stream]
UNUSUAL = [_guarded, _own_faults]


@pytest.fixture
def api() -> Litestar:
    named = {"word": provide("salt"), "who": Provide(_who)}
    return application([*PLAIN, *UNUSUAL_ANSWERS, *UNUSUAL], dependencies=named, version="1")


async def _ask(app: Any, asked: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []
    method, _, path = asked.partition(" ")
    place, _, query = path.partition("?")
    headers = [(b"host", b"example.org")]
    if body:
        headers += [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": f"/api/v1{place}",
        "raw_path": f"/api/v1{place}".encode(),
        "query_string": query.encode(),
        "headers": headers,
    }
    begin(scope).request_id = "1"
    coming, answered = [body[:7], body[7:]], asyncio.Event()

    async def receive() -> Any:
        if not coming:
            await answered.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await app(scope, receive, send)
    told = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:])


async def _never(*_: object) -> None:
    pytest.fail("it went the framework's way")


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("GET /things", b""),
        ("GET /things?limit=3&q=a%20b", b""),
        ("GET /things?limit=none", b""),
        ("GET /things?limit=1000000", b""),
        (f"GET /things/{KNOWN}", b""),
        (f"GET /things/{KNOWN.hex}", b""),
        (f"GET /things/{OTHER}", b""),
        ("POST /things", b'{"word":"a","times":3}'),
        ("POST /things", b'{"word":"a","times":"three"}'),
        ("POST /things", b'{"word":"a","further":1}'),
        ("POST /things", b'{"word":"a'),
        ("POST /things", b'{"word":"a\\u0000"}'),
        ("POST /things", b"\xff\xfe"),
        ("POST /things", b""),
        ("POST /things/perhaps", b'{"word":"a"}'),
        ("POST /things/perhaps", b""),
        (f"PATCH /things/{KNOWN}", b'{"word":"b"}'),
        (f"DELETE /things/{KNOWN}", b""),
        (f"DELETE /things/{OTHER}", b""),
        ("GET /busy", b""),
        ("GET /broken", b""),
        ("GET /bytes", b""),
        ("POST /cookie", b""),
        ("GET /text", b""),
        ("GET /moved", b""),
        ("GET /stream", b""),
        ("GET /unknown-kind", b""),
    ],
)
async def test_the_answer_is_the_framework_s(api: Litestar, asked: str, body: bytes) -> None:
    direct = await _ask(Calls(api, _never), asked, body)
    usual = await _ask(api, asked, body)

    assert direct == usual


@pytest.mark.parametrize(
    "asked",
    [
        "GET /guarded",
        "GET /own-faults",
        "GET /nothing",
        "GET /things/not-an-id",
        "GET /things/",
        "PUT /things",
        "HEAD /things",
        "OPTIONS /things",
    ],
)
async def test_what_is_out_of_the_ordinary_goes_the_framework_s_way(
    api: Litestar, asked: str
) -> None:
    went: list[str] = []

    async def fallback(scope: Any, receive: Any, send: Any) -> None:
        went.append(scope["method"])
        await api(scope, receive, send)

    direct = await _ask(Calls(api, fallback), asked)

    assert went == [asked.partition(" ")[0]]
    assert direct == await _ask(api, asked)
