"""Uploads in parts that a crash left in the bucket: found and given up.

The client library can't ask for them, so these two requests are made by hand.
"""

import html
import http.client
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from backline.platform.errors import Unavailable
from backline.platform.storage.presigned import Presign

_LIFE: Final = timedelta(minutes=5)
_ANSWER_S: Final = 20.0
_PAGES: Final = 100
_UPLOAD = re.compile(r"<Upload>(.*?)</Upload>", re.DOTALL)
_MOST_BYTES: Final = 10_000_000
_GONE: Final = 404
_OK: Final = 300


def abort_old(presign: Presign, before: datetime) -> int:
    """Give up what was begun before then, below our prefix; how much it was (blocking).

    Raises:
        Unavailable: S3 doesn't answer.
    """
    count, marks = 0, dict[str, str]()
    for _ in range(_PAGES):
        text = _ask(presign, "GET", "", {"uploads": "", "prefix": presign.prefix, **marks})
        for upload in _UPLOAD.findall(text):
            key, upload_id = _field(upload, "Key"), _field(upload, "UploadId")
            if key.startswith(presign.prefix) and _begun(upload) < before:
                _ask(presign, "DELETE", key.removeprefix(presign.root), {"uploadId": upload_id})
                count += 1
        if _field(text, "IsTruncated") != "true":
            break
        marks = {
            "key-marker": _field(text, "NextKeyMarker"),
            "upload-id-marker": _field(text, "NextUploadIdMarker"),
        }
    return count


def _begun(upload: str) -> datetime:
    return datetime.fromisoformat(_field(upload, "Initiated"))


def _field(text: str, name: str) -> str:
    found = re.search(rf"<{name}>([^<]*)</{name}>", text)
    return html.unescape(found[1]) if found else ""


def _ask(presign: Presign, method: str, key: str, query: dict[str, str]) -> str:
    now = datetime.now(UTC)
    parts = urlsplit(presign.request(method, key, query, now=now, until=now + _LIFE))
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_ANSWER_S)
    try:
        connection.request(method, f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        text = answer.read(_MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as fault:
        raise Unavailable("The storage for media doesn't answer.") from fault
    finally:
        connection.close()
    if answer.status >= _OK and answer.status != _GONE:
        raise Unavailable(f"The storage for media answers {answer.status} to a sweep.")
    return text
