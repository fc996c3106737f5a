"""Which encoding is chosen, and which answers are left as they are."""

import gzip
import json
from typing import Any

import pytest

from backline.platform.http.asgi import begin
from backline.platform.http.compression import Compression, negotiate

LONG = json.dumps({"items": ["the same again"] * 200}).encode()


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"gzip, deflate, br", "br"),
        (b"GZIP", "gzip"),
        (b"br;q=0.5, gzip;q=0.9", "gzip"),
        (b"br;q=0, *;q=0", "identity"),
        (b"*", "zstd"),
        (b"zstd;q=nonsense, gzip", "gzip"),
        (b"deflate", "identity"),
        (b"\xff\xfe;;q=,", "identity"),
    ],
)
def test_the_best_of_what_is_accepted(asked: bytes | None, chosen: str) -> None:
    assert negotiate(asked) == chosen


async def answered(
    parts: list[bytes], encoding: bytes = b"gzip", **headers: str
) -> tuple[dict[str, str], bytes]:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        said = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": said})
        for number, part in enumerate(parts, 1):
            more = number < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "headers": [(b"accept-encoding", encoding)]}
    begin(scope)
    await Compression(app)(scope, receive, send)
    named = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return named, b"".join(message["body"] for message in sent[1:])


async def test_json_is_compressed_and_its_length_and_etag_told_anew() -> None:
    headers, body = await answered(
        [LONG], content_type="application/json", content_length="1", etag='"5.a"'
    )

    assert gzip.decompress(body) == LONG
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["etag"] == '"5.a-gzip"'
    assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "image/webp"},
        {"content_type": "application/json", "cache_control": "no-store"},
        {"content_type": "application/json", "content_encoding": "br"},
    ],
)
async def test_what_is_secret_or_small_already_stays(headers: dict[str, str]) -> None:
    told, body = await answered([LONG], **headers)

    assert body == LONG
    assert told.get("content-encoding") == headers.get("content_encoding")


async def test_short_answers_and_streams_stay() -> None:
    short = await answered([b"{}"], content_type="application/json")
    streamed = await answered([LONG, LONG], content_type="application/json")

    assert (short[1], streamed[1]) == (b"{}", LONG + LONG)
    assert all("content-encoding" not in headers for headers, _ in (short, streamed))
