"""The headers that follow from what is known of a file to be served."""

import re
from urllib.parse import quote

from backline.platform.media.conditions import http_date
from backline.platform.storage.kinds import StoredFile

HeaderList = list[tuple[bytes, bytes]]

_BY_ENDING = {
    "aac": "audio/aac",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "mpd": "application/dash+xml",
    "webp": "image/webp",
}
# What players and pages show and nothing runs; SVG is a document with scripts, not a picture.
_PASSIVE = re.compile(r"(?:audio|image|video)/(?!svg)[a-z0-9.+-]{1,80}")
_BYTES = "application/octet-stream"
# A stranger's file opened as a page can do nothing: no script, no origin.
_SANDBOX = b"default-src 'none'; sandbox"


def content_type_of(name: str) -> str:
    """The type of a file of our own making, by its ending."""
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), _BYTES)


def passive(content_type: str) -> str:
    """A type under which a stranger's file may go out; whatever a browser could run is bytes."""
    return content_type if _PASSIVE.fullmatch(content_type) else _BYTES


def headers_of(file: StoredFile, name: str, *, max_age_s: int, is_own: bool = False) -> HeaderList:
    """The headers that 200, 206 and 304 share; the length and the range are the answer's own.

    The URL is the permission and the same for everybody in its window, so shared caches may keep
    the answer until the URL expires. Where who asks is the permission (`is_own`), only they may.
    """
    kept = f"max-age={max(max_age_s, 0)}"
    policy = f"private, {kept}" if is_own else f"public, {kept}, immutable"
    content_type = file.content_type or content_type_of(name)
    if file.download_name is not None:
        content_type = passive(content_type)
    headers = [
        (b"content-type", _latin(content_type)),
        (b"etag", file.etag.encode()),
        (b"last-modified", http_date(file.modified_at).encode()),
        (b"cache-control", policy.encode()),
        (b"accept-ranges", b"bytes"),
    ]
    if file.download_name is not None:
        headers.append((b"content-disposition", _attachment(file.download_name)))
        headers.append((b"content-security-policy", _SANDBOX))
    return headers


def _attachment(name: str) -> bytes:
    """RFC 6266: a plain name for old clients, the exact one beside it (RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    exact = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}".encode()


def _latin(content_type: str) -> bytes:
    """A type fit for a header; whatever isn't becomes bytes without a meaning."""
    if content_type.isascii() and content_type.isprintable() and "/" in content_type:
        return content_type.encode()
    return _BYTES.encode()
