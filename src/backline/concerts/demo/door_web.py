"""The made-up Drive of `up --demo` at an address of ours: a page to agree on, and what follows.

It is there where the settings want it, and answers 404 elsewhere. It speaks Google's contract.
"""

import asyncio
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl, unquote, urlencode

from backline.concerts.drive.connecting import PATH
from backline.concerts.options import SAMPLE_DRIVE
from backline.concerts.services import (
    SAMPLE_PREFIX,
    ConcertParts,
    sample_drive,
    sample_drive_folder,
)
from backline.platform.actor import Actor
from backline.platform.http.asgi import App, Receive, Scope, Send, send_answer
from backline.platform.http.bodies import body_chunks

if TYPE_CHECKING:
    from backline.concerts.demo.services.drive import Drive
    from backline.concerts.demo.services.exchange import Answer

_MOST_BODY: Final = 10_000
_CONSENT: Final = "/o/oauth2/v2/auth"
_ANSWER: Final = "answer"
_LOOK: Final = "/page.css"  # by itself: pages of ours have no styles within
_STYLE: Final = b"""
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  font: 16px/1.5 system-ui, sans-serif; background: #faf6ef; color: #2b2620; }
main { box-sizing: border-box; max-width: 440px; padding: 32px; }
h1 { margin: 0 0 12px; font-size: 28px; }
.answers { display: flex; gap: 12px; margin-top: 28px; }
.answers a { padding: 10px 20px; border: 1px solid; border-radius: 4px; color: inherit;
  text-decoration: none; }
.answers .yes { background: #e8a83a; border-color: #e8a83a; color: #1a1206; }
@media (prefers-color-scheme: dark) { body { background: #14110f; color: #efe8dc; } }
"""
_WORDS: Final = {
    "drive.metadata.readonly": "see names, times and places of the files in this Drive",
    "drive.readonly": "see and download the files in this Drive",
}


async def nobody(_scope: Scope, _receive: Receive) -> Actor | None:
    """Tokens that are shown here are Google's, as it were, and none of ours."""
    return None


def door(parts: ConcertParts) -> App:
    """The application."""
    settings = parts.platform.settings
    back = f"{settings.address.rstrip('/')}{PATH}"
    sample = _Sample(sample_drive_folder(settings)) if sample_drive(settings) is not None else None

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = unquote(scope["path"]).removeprefix(SAMPLE_PREFIX)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if sample is None:
            await _page(scope, send, HTTPStatus.NOT_FOUND, "<p>There is no sample Drive here.</p>")
        elif path == _LOOK:
            told = [(b"content-type", b"text/css"), (b"cache-control", b"no-store")]
            await send_answer(scope, send, HTTPStatus.OK.value, told, _STYLE)
        elif path == _CONSENT and query.get(_ANSWER) != "yes":
            await _consent(scope, send, query, back, is_whole=await sample.is_whole())
        else:
            await _passed_on(sample, scope, receive, send, path, query)

    return answer


class _Sample:
    """The Drive of one process, opened when it is first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, asyncio.Lock()
        self._drive: Drive | None = None

    async def is_whole(self) -> bool:
        """Whether all of its photos are painted."""
        # What only `up --demo` needs, as in what follows.
        from backline.concerts.demo import drive_library  # noqa: PLC0415  # as the comment says

        return await asyncio.to_thread(drive_library.is_whole, self._folder)

    async def ask(self, asked: tuple[str, str, dict[str, str], dict[str, str], bytes]) -> "Answer":
        """What it says to a request: method, path, query, headers, body."""
        from backline.concerts.demo import drive_library  # noqa: PLC0415  # as above
        from backline.concerts.demo.services.exchange import Request  # noqa: PLC0415  # as above

        async with self._lock:
            if self._drive is None:
                self._drive = await asyncio.to_thread(
                    drive_library.sample_drive, self._folder, SAMPLE_DRIVE
                )
            return await asyncio.to_thread(self._drive.answer, Request(*asked))


async def _passed_on(
    sample: _Sample, scope: Scope, receive: Receive, send: Send, path: str, query: dict[str, str]
) -> None:
    body = b""
    async for chunk in body_chunks(cast("Any", receive)):
        body += chunk
        if len(body) > _MOST_BODY:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await _page(scope, send, status, "<p>That is too much.</p>")
            return
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
    found = await sample.ask((scope["method"], path, query, headers, body))
    more = [(name.lower().encode(), text.encode("latin-1")) for name, text in found.headers]
    told = [(b"content-type", found.content_type.encode()), (b"cache-control", b"no-store"), *more]
    await send_answer(scope, send, found.status.value, told, found.body)


async def _consent(
    scope: Scope, send: Send, query: dict[str, str], back: str, *, is_whole: bool
) -> None:
    """The page on which somebody agrees, or the way back of who doesn't."""
    if query.get("redirect_uri") != back:
        await _page(scope, send, HTTPStatus.BAD_REQUEST, "<p>This would lead elsewhere.</p>")
    elif query.get(_ANSWER) == "no":
        told = urlencode({"error": "access_denied", "state": query.get("state", "")})
        where = [(b"location", f"{back}?{told}".encode())]
        await send_answer(scope, send, HTTPStatus.FOUND.value, where)
    elif not is_whole:
        words = "<p>The sample photos are still being painted. Load this page again soon.</p>"
        await _page(scope, send, HTTPStatus.SERVICE_UNAVAILABLE, words)
    else:
        await _page(scope, send, HTTPStatus.OK, _asked(query))


def _asked(query: dict[str, str]) -> str:
    """What is asked for, in words, and two answers."""
    scopes = [one.rpartition("/")[2] for one in query.get("scope", "").split()]
    wishes = "".join(f"<li>{_WORDS[one]}</li>" for one in scopes if one in _WORDS)
    yes, no = (escape(f"?{urlencode(query | {_ANSWER: word})}") for word in ("yes", "no"))
    return (
        "<h1>Sample Drive</h1><p>This stands in for the page at Google. Backline would like to</p>"
        f'<ul>{wishes}</ul><p class="answers"><a class="yes" href="{yes}">Allow</a>'
        f'<a href="{no}">Cancel</a></p>'
    )


async def _page(scope: Scope, send: Send, status: HTTPStatus, words: str) -> None:
    head = (
        '<meta name="viewport" content="width=device-width"><title>Sample Drive</title>'
        f'<link rel="stylesheet" href="{SAMPLE_PREFIX}{_LOOK}">'
    )
    html = f'<!doctype html><html lang="en"><head>{head}</head>'
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
    ]
    body = f"{html}<body><main>{words}</main></body></html>".encode()
    await send_answer(scope, send, status.value, headers, body)
