"""The web app's files: read once at the start, served from memory, compressed beforehand."""

import hashlib
import mimetypes
from pathlib import Path

import msgspec

from backline.platform.http.asgi import Receive, Scope, Send, exchange_of, send_answer
from backline.platform.http.compression import negotiate
from backline.platform.http.conditions import matches
from backline.platform.http.headers import Encoding
from backline.platform.http.problems import problem_of_status, send_problem

_ENCODINGS: tuple[tuple[Encoding, str], ...] = (("zstd", ".zst"), ("br", ".br"), ("gzip", ".gz"))
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"no-cache"
_NO_PAGES = b"""<!doctype html><meta charset=utf-8><title>Backline</title>
<p>This installation was built without its pages. Run <code>python build_web.py</code>."""


class _File(msgspec.Struct, frozen=True):
    """A file in all its encodings."""

    content_type: bytes
    tag: bytes
    cache_control: bytes
    bodies: dict[Encoding, bytes]


class Pages:
    """An ASGI app for the files under `root`; any other page's address gives `index.html`.

    With `asset_url`, a CDN in front of us, the page fetches its scripts and styles from there.
    """

    def __init__(self, root: Path, asset_url: str | None = None) -> None:
        self._files: dict[str, _File] = {}
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and path.suffix not in (".br", ".gz", ".zst"):
                self._files["/" + path.relative_to(root).as_posix()] = _read(root, path)
        self._index = self._files.get("/index.html") or _file("text/html", _NO_PAGES, {})
        if asset_url is not None:
            plain = self._index.bodies["identity"]
            page = plain.replace(b'"/assets/', f'"{asset_url}/assets/'.encode())
            self._index = self._files["/index.html"] = _file("text/html", page, {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD."""
        del receive
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(scope, send, 405, "Pages can only be read.", (b"allow", b"GET, HEAD"))
            return
        file = self._files.get(path)
        if file is None:
            accept = exchange_of(scope).header(b"accept") or "*/*"
            is_page = not path.startswith(("/assets/", "/api/", "/rest/")) and (
                "text/html" in accept or "." not in path.rpartition("/")[2]
            )
            if not is_page:
                await _refuse(scope, send, 404, "There is nothing at this address.")
                return
            file = self._index
        await _send(scope, send, file)


async def _send(scope: Scope, send: Send, file: _File) -> None:
    asked = exchange_of(scope).headers
    encoding = negotiate(asked.get(b"accept-encoding"), among=file.bodies)
    headers = [
        (b"content-type", file.content_type),
        (b"cache-control", file.cache_control),
        (b"etag", b'W/"%b"' % file.tag),
        (b"vary", b"Accept-Encoding"),
    ]
    if_none_match = asked.get(b"if-none-match")
    if if_none_match is not None and matches(if_none_match, file.tag):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    if encoding != "identity":
        headers.append((b"content-encoding", encoding.encode()))
    await send_answer(scope, send, 200, headers, file.bodies[encoding])


async def _refuse(
    scope: Scope, send: Send, status: int, detail: str, *headers: tuple[bytes, bytes]
) -> None:
    problem = problem_of_status(status, detail, exchange_of(scope).request_id)
    await send_problem(scope, send, problem, headers)


def _read(root: Path, path: Path) -> _File:
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    variants: dict[Encoding, bytes] = {
        encoding: sibling.read_bytes()
        for encoding, ending in _ENCODINGS
        if (sibling := path.with_name(path.name + ending)).is_file()
    }
    hashed = path.parent.name == "assets" and path.parent.parent == root
    return _file(content_type, path.read_bytes(), variants, hashed=hashed)


def _file(
    content_type: str, body: bytes, variants: dict[Encoding, bytes], *, hashed: bool = False
) -> _File:
    if content_type.startswith("text/") or content_type.endswith(("javascript", "json")):
        content_type += "; charset=utf-8"
    tag = hashlib.sha256(body).hexdigest()[:20]
    return _File(
        content_type.encode(),
        tag.encode(),
        _FOREVER if hashed else _ASK_AGAIN,
        {"identity": body, **variants},
    )
