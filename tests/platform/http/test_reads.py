"""Reads past the framework: the same answers as through it, faults included."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from backline.platform.errors import NotFound, Unavailable
from backline.platform.http.application import application, provide
from backline.platform.http.paging import Limit, Search
from backline.platform.http.reads import PARAMETERS, TEMPLATE, Reads

KNOWN = UUID("019a0000-0000-7000-8000-000000000001")


class Thing(msgspec.Struct, frozen=True):
    id: UUID
    word: str


@get("/things")
async def _things(
    word: NamedDependency[str], who: NamedDependency[str], limit: Limit = 20, q: Search = ""
) -> Response[list[Thing]]:
    shown = [Thing(KNOWN, f"{word} {who} {q} {number}") for number in range(limit)]
    return Response(shown, headers={"Link": "<?cursor=x>; rel=next"})


@get("/things/{thing_id:uuid}")
async def _thing(thing_id: FromPath[UUID], who: NamedDependency[str]) -> Thing:
    if thing_id != KNOWN:
        raise NotFound("There is no such thing.")
    return Thing(thing_id, who)


@get("/busy")
async def _busy() -> Thing:
    raise Unavailable("Not now.", retry_after_s=7)


@get("/broken")
async def _broken() -> Thing:
    raise RuntimeError("nobody foresaw this")


async def _who(word: NamedDependency[str]) -> str:
    return word.upper()


@pytest.fixture
def api() -> Litestar:
    named = {"word": provide("salt"), "who": Provide(_who)}
    return application([_things, _thing, _busy, _broken], dependencies=named, version="1")


async def _ask(app: Any, path: str, state: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []
    place, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/api/v1{place}",
        "raw_path": f"/api/v1{place}".encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"example.org")],
        "state": {"request_id": "1", **state},
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("/things", "/things", {}),
        ("/things", "/things?limit=3&q=a%20b", {}),
        ("/things", "/things?limit=none", {}),
        ("/things", "/things?limit=1000000", {}),
        ("/things/{thing_id:uuid}", f"/things/{KNOWN}", {"thing_id": KNOWN.hex}),
        ("/things/{thing_id:uuid}", f"/things/{UUID(int=1)}", {"thing_id": UUID(int=1).hex}),
        ("/busy", "/busy", {}),
        ("/broken", "/broken", {}),
    ],
)
async def test_the_answer_is_the_framework_s(
    api: Litestar, template: str, path: str, parameters: dict[str, str]
) -> None:
    async def never(*_: object) -> None:
        pytest.fail("it went the framework's way")

    state = {TEMPLATE: f"/api/v1{template}", PARAMETERS: parameters}

    direct = await _ask(Reads(api, never), path, state)
    usual = await _ask(api, path, {})

    assert direct == usual


async def test_what_is_no_known_read_goes_the_framework_s_way(api: Litestar) -> None:
    went: list[str] = []

    async def fallback(scope: Any, receive: Any, send: Any) -> None:
        went.append(scope["path"])
        await api(scope, receive, send)

    status, _, _ = await _ask(Reads(api, fallback), "/things", {})

    assert status == 200
    assert went == ["/api/v1/things"]
