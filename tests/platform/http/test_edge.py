"""The edge, driven as a server drives it."""

from typing import Any

import msgspec

from backline.platform.http.edge import BODY_LIMIT_BYTES, Edge, networks
from backline.platform.http.headers import content_security_policy, security_headers
from backline.platform.http.origins import origins_of

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
    app: Any = _echo, *, path: str = "/", headers: dict[str, str] | None = None, **rest: Any
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
        "headers": [(k.lower().encode(), v.encode()) for k, v in named.items()],
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
        seen.append(scope["state"]["address"])
        await _echo(scope, receive, send)

    forwarded = {"x-forwarded-for": "203.0.113.9, 198.51.100.4"}
    await call(app, headers=forwarded)
    await call(app, headers=forwarded, trusted_proxies=networks(["192.0.2.0/24"]))

    assert seen == ["192.0.2.7", "198.51.100.4"]


async def test_a_request_of_two_hosts_is_refused() -> None:
    status, _, _ = await call(headers={"Host": "music.example.org"})

    assert status == 400
