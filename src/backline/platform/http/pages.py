"""The web app's files: read once at the start, served from memory, compressed beforehand."""

import hashlib
import mimetypes
from pathlib import Path

import msgspec

from backline.platform.http.asgi import Receive, Scope, Send
from backline.platform.http.headers import header
from backline.platform.http.problems import PROBLEM_TYPE, problem_of_status

_ENCODINGS = (("zstd", ".zst"), ("br", ".br"), ("gzip", ".gz"))
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"no-cache"
_NO_PAGES = b"""<!doctype html><meta charset=utf-8><title>Backline</title>
<p>This installation was built without its pages. Run <code>python build_web.py</code>."""


class _File(msgspec.Struct, frozen=True):
    """A file in all its encodings; `b""` is the plain one."""

    content_type: bytes
    etag: bytes
    cache_control: bytes
    bodies: dict[str, bytes]


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
            page = self._index.bodies[""].replace(b'"/assets/', f'"{asset_url}/assets/'.encode())
            self._index = self._files["/index.html"] = _file("text/html", page, {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET or HEAD."""
        del receive
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await _problem(send, 405, "Pages can only be read.", [(b"allow", b"GET, HEAD")])
            return
        file = self._files.get(path)
        if file is None:
            accept = header(scope["headers"], b"accept") or "*/*"
            is_page = not path.startswith(("/assets/", "/api/", "/rest/")) and (
                "text/html" in accept or "." not in path.rpartition("/")[2]
            )
            if not is_page:
                await _problem(send, 404, "There is nothing at this address.", [])
                return
            file = self._index
        await _send(scope, send, file)


async def _send(scope: Scope, send: Send, file: _File) -> None:
    accepted = header(scope["headers"], b"accept-encoding") or ""
    encoding = next((e for e, _ in _ENCODINGS if e in file.bodies and e in accepted), "")
    body = file.bodies[encoding]
    headers = [
        (b"content-type", file.content_type),
        (b"cache-control", file.cache_control),
        (b"etag", file.etag),
        (b"vary", b"Accept-Encoding"),
    ]
    if header(scope["headers"], b"if-none-match") == file.etag.decode():
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    headers.append((b"content-length", str(len(body)).encode()))
    if encoding:
        headers.append((b"content-encoding", encoding.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _problem(
    send: Send, status: int, detail: str, headers: list[tuple[bytes, bytes]]
) -> None:
    body = msgspec.json.encode(problem_of_status(status, detail))
    headers = [*headers, (b"content-type", PROBLEM_TYPE.encode())]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _read(root: Path, path: Path) -> _File:
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    variants = {
        encoding: sibling.read_bytes()
        for encoding, ending in _ENCODINGS
        if (sibling := path.with_name(path.name + ending)).is_file()
    }
    hashed = path.parent.name == "assets" and path.parent.parent == root
    return _file(content_type, path.read_bytes(), variants, hashed=hashed)


def _file(
    content_type: str, body: bytes, variants: dict[str, bytes], *, hashed: bool = False
) -> _File:
    if content_type.startswith("text/") or content_type.endswith(("javascript", "json")):
        content_type += "; charset=utf-8"
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    return _File(
        content_type.encode(),
        etag.encode(),
        _FOREVER if hashed else _ASK_AGAIN,
        {"": body, **variants},
    )
