"""What is known of a file to be served, and the headers that follow from it."""

import base64
import hashlib
from datetime import datetime
from urllib.parse import quote

import msgspec

from backline.platform.media.conditions import http_date

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
# A stranger's file opened as a page can do nothing: no script, no origin.
_SANDBOX = b"default-src 'none'; sandbox"


class StoredFile(msgspec.Struct, frozen=True):
    """A file as the database knows it.

    `content_type` may be left out for what we made ourselves: it then follows from the name.
    `download_name` makes it an attachment: for what strangers uploaded.
    """

    key: str
    size_bytes: int
    modified_at: datetime
    content_type: str | None = None
    download_name: str | None = None

    @property
    def etag(self) -> str:
        """Strong, and the same on every replica, since a key is given one file for ever."""
        digest = hashlib.sha256(self.key.encode()).digest()[:16]
        return f'"{base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}"'


def content_type_of(name: str) -> str:
    """The type of a file of our own making, by its ending."""
    return _BY_ENDING.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def headers_of(file: StoredFile, name: str, *, max_age_s: int) -> HeaderList:
    """The headers that 200, 206 and 304 share; the length and the range are the answer's own.

    The URL is the permission and the same for everybody in its window, so shared caches may keep
    the answer until the URL expires.
    """
    headers = [
        (b"content-type", _latin(file.content_type or content_type_of(name))),
        (b"etag", file.etag.encode()),
        (b"last-modified", http_date(file.modified_at).encode()),
        (b"cache-control", f"public, max-age={max(max_age_s, 0)}, immutable".encode()),
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
    return b"application/octet-stream"
