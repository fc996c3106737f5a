"""The files of the pages, as a browser asks for them."""

from pathlib import Path
from typing import Any

import pytest

from backline.platform.front.pages import Pages
from backline.platform.http.asgi import begin

INDEX = b'<script type="module" crossorigin src="/assets/app-1a2b.js"></script>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    (tmp_path / "assets" / "app-1a2b.js").write_bytes(b"let a = 1")
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"squeezed")
    return tmp_path


async def get(pages: Pages, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    given = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope: dict[str, Any] = {"method": "GET", "path": path, "headers": given}
    begin(scope)
    await pages(scope, receive, send)
    told = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], told, sent[1]["body"]


async def test_hashed_files_are_kept_for_a_year_and_the_page_is_asked_for_again(root: Path) -> None:
    pages = Pages(root)

    _, script, _ = await get(pages, "/assets/app-1a2b.js")
    _, page, body = await get(pages, "/library", accept="text/html")

    assert script["cache-control"] == "public, max-age=31536000, immutable"
    assert page["cache-control"] == "no-cache"
    assert body == INDEX


async def test_a_browser_is_given_the_encoding_that_it_takes(root: Path) -> None:
    _, told, body = await get(Pages(root), "/assets/app-1a2b.js", accept_encoding="gzip, br")

    assert (told["content-encoding"], body) == ("br", b"squeezed")


@pytest.mark.parametrize("asked", ["br;q=0", "*;q=0, br;q=0", "gzip", "brotli"])
async def test_an_encoding_that_is_not_taken_is_not_given(root: Path, asked: str) -> None:
    _, told, body = await get(Pages(root), "/assets/app-1a2b.js", accept_encoding=asked)

    assert ("content-encoding" in told, body) == (False, b"let a = 1")


async def test_what_the_browser_has_is_not_sent_again(root: Path) -> None:
    pages = Pages(root)
    _, told, _ = await get(pages, "/")

    status, _, body = await get(pages, "/", if_none_match=told["etag"])

    assert (status, body) == (304, b"")


async def test_a_missing_asset_is_not_answered_with_a_page(root: Path) -> None:
    status, told, _ = await get(Pages(root), "/assets/gone.js", accept="*/*")

    assert (status, told["content-type"]) == (404, "application/problem+json")


async def test_assets_come_from_a_cdn_where_one_is_configured(root: Path) -> None:
    _, _, body = await get(Pages(root, "https://cdn.example.org"), "/")

    assert b'src="https://cdn.example.org/assets/app-1a2b.js"' in body
