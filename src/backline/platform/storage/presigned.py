"""Addresses of S3 that are good for themselves and for a while (Signature Version 4, query form).

Made here rather than by the client library, since that can't say which headers the answer is to
have. Nothing is asked over the network.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

import msgspec

from backline.platform.settings.storage_url import Bucket

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_LONGEST_S: Final = 7 * 24 * 3600
_EVEN_S: Final = 900


class Credentials(msgspec.Struct, frozen=True):
    """Who asks. Never shown."""

    access_key: str
    secret_key: str
    session_token: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"


class Presign:
    """Makes presigned addresses of one bucket."""

    def __init__(self, bucket: Bucket, credentials: Credentials, folder: str) -> None:
        self._bucket, self._credentials = bucket, credentials
        self._folder = folder
        self.origin = bucket.origin
        self.root = f"{bucket.prefix}/" if bucket.prefix else ""
        self.prefix = f"{self.root}{folder}/"

    def file(
        self,
        key: str,
        *,
        method: str,
        now: datetime,
        until: datetime,
        answers: Callable[[datetime], Mapping[str, str]],
    ) -> str:
        """The address of a kept file, to be asked by `method` until `until`.

        `answers(began)` are the headers that the answer is to have, such as `content-type`, by
        when the address began. Within a quarter of an hour it is the same address each time, so
        that browsers keep what they got.
        """
        began = datetime.fromtimestamp(int(now.timestamp()) // _EVEN_S * _EVEN_S, UTC)
        query = {f"response-{name}": value for name, value in answers(began).items()}
        return self.request(method, f"{self._folder}/{key}", query, now=began, until=until)

    def request(
        self, method: str, key: str, query: dict[str, str], *, now: datetime, until: datetime
    ) -> str:
        """The address of any request for a key below the bucket's prefix; the bucket's for ""."""
        path = quote(self._bucket.path(key) if key else self._root(), safe="/-._~")
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/{self._bucket.region}/s3/aws4_request"
        life_s = min(max(int((until - now) / timedelta(seconds=1)), 1), _LONGEST_S)
        host = self.origin.partition("://")[2]
        asked = {
            **query,
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{self._credentials.access_key}/{scope}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(life_s),
            "X-Amz-SignedHeaders": "host",
        }
        if self._credentials.session_token:
            asked["X-Amz-Security-Token"] = self._credentials.session_token
        said = "&".join(f"{_escaped(name)}={_escaped(asked[name])}" for name in sorted(asked))
        canonical = f"{method}\n{path}\n{said}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        signature = self._signature(scope, f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}")
        return f"{self.origin}{path}?{said}&X-Amz-Signature={signature}"

    def _root(self) -> str:
        return f"/{self._bucket.name}" if self._bucket.path_style else "/"

    def _signature(self, scope: str, text: str) -> str:
        key = f"AWS4{self._credentials.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")
