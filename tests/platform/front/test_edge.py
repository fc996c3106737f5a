"""The edge, driven as a server drives it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from backline.platform.front import edge as edge_module
from backline.platform.front.edge import BODY_LIMIT_BYTES, Edge, networks
from backline.platform.http.access_log import AccessLog, Line
from backline.platform.http.asgi import exchange_of
from backline.platform.http.headers import content_security_policy, security_headers
from backline.platform.http.origins import origins_of
from tests.support.waiting import WAIT_S

ORIGINS = origins_of(
    public_url="https://music.example.org",
    host="127.0.0.1",
    port=8000,
    allowed_hosts=(),
    cors_origins=("https://player.example.com",),
)


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def _broken(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("nobody foresaw this")


async def call(
    app: Any = _echo,
    *,
    path: str = "/",
    headers: dict[str, str] | None = None,
    further: Sequence[tuple[str, str]] = (),
    **rest: Any,
) -> tuple[int, dict[str, str], bytes]:
    edge = Edge(app, ORIGINS, security_headers(content_security_policy(), https=True), **rest)
    sent: list[Any] = []
    body = rest.pop("body", b"")

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"host": "music.example.org", **(headers or {})}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": named.pop(":method", "GET"),
        "path": path.partition("?")[0],
        "raw_path": path.partition("?")[0].encode(),
        "query_string": path.partition("?")[2].encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in [*named.items(), *further]],
        "client": ("192.0.2.7", 4711),
    }
    await edge(scope, receive, send)
    answered = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(m.get("body", b"") for m in sent[1:])


async def test_every_answer_carries_the_security_headers_and_an_id() -> None:
    status, headers, _ = await call()

    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert len(headers["x-request-id"]) == 32


async def test_a_foreign_host_is_refused_and_the_remedy_named() -> None:
    status, _, body = await call(headers={"host": "evil.example"})

    assert status == 421
    assert "BACKLINE_ALLOWED_HOSTS" in msgspec.json.decode(body)["detail"]


async def test_health_answers_under_any_name() -> None:
    status, _, _ = await call(path="/health/live", headers={"host": "10.0.0.3:8000"})

    assert status == 200


async def test_a_large_body_is_refused_by_its_announced_length() -> None:
    status, _, _ = await call(headers={"content-length": str(BODY_LIMIT_BYTES + 1)})

    assert status == 413


async def test_only_the_named_paths_bound_their_bodies_themselves() -> None:
    large = ("/api/tracks", "/api/uploads/")
    headers = {"content-length": str(BODY_LIMIT_BYTES + 1)}

    answers = {
        path: (await call(path=path, headers=headers, large_bodies=large))[0]
        for path in ("/api/tracks", "/api/uploads/1", "/api/tracks/1", "/api/uploads", "/api/x")
    }

    assert list(answers.values()) == [200, 200, 413, 413, 413]


async def test_a_nul_in_the_address_is_refused() -> None:
    status, _, body = await call(path="/api/v1/tracks?q=%00")

    assert status == 422
    assert "NUL" in msgspec.json.decode(body)["detail"]


async def test_an_unforeseen_fault_is_answered_without_its_text() -> None:
    status, headers, body = await call(_broken)

    assert status == 500
    assert b"foresaw" not in body
    assert headers["x-request-id"] in body.decode()


async def test_cors_is_for_listed_origins_only() -> None:
    _, listed, _ = await call(headers={"origin": "https://player.example.com"})
    _, other, _ = await call(headers={"origin": "https://evil.example"})

    assert listed["access-control-allow-origin"] == "https://player.example.com"
    assert listed["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in other


async def test_a_preflight_is_answered_here() -> None:
    status, headers, _ = await call(
        headers={
            ":method": "OPTIONS",
            "origin": "https://player.example.com",
            "access-control-request-method": "PATCH",
            "access-control-request-headers": "authorization, upload-offset",
        }
    )

    assert status == 204
    assert headers["access-control-allow-headers"] == "authorization, upload-offset"


async def test_a_forwarded_address_counts_from_a_trusted_proxy_only() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(exchange_of(scope).address)
        await _echo(scope, receive, send)

    forwarded = {"x-forwarded-for": "203.0.113.9, 198.51.100.4"}
    await call(app, headers=forwarded)
    await call(app, headers=forwarded, trusted_proxies=networks(["192.0.2.0/24"]))

    assert seen == ["192.0.2.7", "198.51.100.4"]


async def test_what_proxies_add_in_a_line_of_its_own_counts_like_the_end_of_one_list() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((exchange_of(scope).address, dict(scope["headers"])[b"if-match"]))
        await _echo(scope, receive, send)

    lines = [("x-forwarded-for", "203.0.113.9"), ("if-match", '"1"')]
    lines += [("x-forwarded-for", "198.51.100.4"), ("if-match", '"2"')]
    await call(app, further=lines, trusted_proxies=networks(["192.0.2.0/24"]))

    assert seen == [("198.51.100.4", b'"1", "2"')]


async def test_a_request_of_two_hosts_is_refused() -> None:
    status, _, _ = await call(headers={"Host": "music.example.org"})

    assert status == 400


async def _taken(messages: list[Any], pause_s: float = 0) -> tuple[int, int]:
    """The status that was answered and the one that was counted, after a PUT of such a body."""
    counted: list[Line] = []
    log = AccessLog(as_json=True)
    log.write = counted.append  # type: ignore[method-assign]
    edge = Edge(_echo, ORIGINS, [], access_log=log)
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages:
            await asyncio.Event().wait()
        await asyncio.sleep(pause_s)
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "PUT", "path": "/", "raw_path": b"/", "query_string": b""}
    headers = [(b"host", b"music.example.org")]
    async with asyncio.timeout(WAIT_S):  # a body that is waited for without end is a fault
        await edge({**scope, "headers": headers, "client": ("192.0.2.7", 1)}, receive, send)
    return sent[0]["status"], counted[0].status


def _piece(body: bytes = b"a") -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": True}


async def test_who_breaks_a_body_off_is_counted_as_somebody_who_left() -> None:
    assert await _taken([_piece(), {"type": "http.disconnect"}]) == (400, 499)


async def test_a_body_that_trickles_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_module, "PACE_S", 0.1)

    assert await _taken([_piece()]) == (408, 408)


async def test_a_body_at_a_good_pace_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_module, "PACE_S", 0.1)
    monkeypatch.setattr(edge_module, "PACE_BYTES", 1)

    messages = [*(_piece() for _ in range(5)), {**_piece(), "more_body": False}]

    assert await _taken(messages, pause_s=0.06) == (200, 200)
