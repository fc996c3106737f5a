"""Signed media URLs: who holds one may read what lies beneath one prefix until it expires.

The token stands in the path (`/media/<expiry>.<key id>.<signature>/<prefix>/<name>`), so that
relative addresses in manifests inherit it. Expiries are rounded up to windows: within a window
everybody is given the same URL, which a browser or a CDN can then keep. An answer that is kept may
give its URLs for a moment after their window (decision 0009); `Lives` has the lengths of all that.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any

import msgspec

from backline.platform.errors import Forbidden, NotFound
from backline.platform.remembered import Remembered
from backline.platform.secrets import Key, Secrets
from backline.platform.storage.keys import checked_key, is_segment, joined

PREFIX_SEGMENTS = 4  # <kind>/<owner>/<id>/<generation>: a token for it opens nothing above
_REMEMBERED = 40_000
_NO_WINDOW = -1
_PURPOSE = "media"
_SIGNATURE_BYTES = 16  # 128 bits (RFC 2104 §5 lets half of the output go)
_TOKEN = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9]{1,16})\.([A-Za-z0-9_-]{22})")


class MediaExpired(Forbidden):
    """The link was good once."""

    kind, title = "media-expired", "This link has expired"


class SignedUrl(msgspec.Struct, frozen=True):
    """A URL, relative to the site's root, and when it ends."""

    url: str
    expires_at: datetime


class Grant(msgspec.Struct, frozen=True):
    """What a request for media asks for, once its token has been checked."""

    prefix: str
    name: str
    expires_at: datetime


class Lives(msgspec.Struct, frozen=True):
    """How long URLs are good: `longest_s` at most, and half of it at least, however they are given.

    For `window_s` all are given the same, and a kept answer gives them for `late_s` more.
    """

    longest_s: int = 3600

    @property
    def late_s(self) -> int:
        """Five minutes of an hour."""
        return self.longest_s // 12

    @property
    def window_s(self) -> int:
        """What is left of the half that may be lost."""
        return self.longest_s // 2 - self.late_s


class Made(Remembered[Hashable, Any]):
    """What was made of signatures in one window."""

    def __init__(self, window: int, expires_s: int) -> None:
        super().__init__(_REMEMBERED)
        self.window, self.expires_s = window, expires_s
        self.expires_at = datetime.fromtimestamp(expires_s, UTC)


class MediaSigner:
    """Makes and checks media URLs. `base` may be another origin's, such as a CDN's."""

    def __init__(
        self, secrets: Secrets, lives: Lives | None = None, *, base: str = "/media"
    ) -> None:
        self._secrets = secrets
        self.lives = lives or Lives()
        self._base = base
        self._made = Made(_NO_WINDOW, 0)

    def url(self, prefix: str, name: str, now: datetime) -> SignedUrl:
        """The URL of `name` beneath `prefix` (four segments), good for as long as `lives` says.

        Raises:
            Invalid: prefix or name hold what can't stand in a key.
        """
        folder = self.folder(checked_key(prefix), now)
        return SignedUrl(f"{folder.url}/{joined(name.split('/'))}", folder.expires_at)

    def folder(self, prefix: str, now: datetime) -> SignedUrl:
        """The URL of all that lies beneath `prefix`, without a slash at its end.

        The prefix is the program's own: one with odd characters gives a URL that `open` refuses.
        """
        made = self.made(now)
        return self._signed(prefix, made.expires_s, made.expires_at)

    def until(self, prefix: str, expires_at: datetime) -> SignedUrl:
        """As `folder`, until a moment of its own: for what asks each time whether it counts."""
        whole = expires_at.replace(microsecond=0)
        return self._signed(checked_key(prefix), int(whole.timestamp()), whole)

    def made(self, now: datetime) -> "Made":
        """What was made of signatures in this window: a list needs each of them but once."""
        window = int(now.timestamp()) // self.lives.window_s
        if window != self._made.window:
            self._made = Made(window, window * self.lives.window_s + self.lives.longest_s)
        return self._made

    def _signed(self, prefix: str, expires_s: int, expires_at: datetime) -> SignedUrl:
        if prefix.count("/") != PREFIX_SEGMENTS - 1:
            raise ValueError(f"a media prefix has {PREFIX_SEGMENTS} segments: {prefix!r}")
        key = self._secrets.signing_key(_PURPOSE)
        token = f"{expires_s}.{key.id}.{_signature(key, prefix, expires_s)}"
        return SignedUrl(f"{self._base}/{token}/{prefix}", expires_at)

    def open(self, path: str, now: datetime) -> Grant:
        """Check `<token>/<prefix>/<name>`, as it stands in the address after `/media/`.

        Raises:
            NotFound: that isn't an address of media at all.
            Forbidden: the signature is not ours, or not for this prefix.
            MediaExpired: it is ours and was good until a moment ago.
        """
        token, *segments = path.split("/")
        if len(segments) <= PREFIX_SEGMENTS or not all(map(is_segment, segments)):
            raise NotFound("There is no such media file. Its address isn't one of ours.")
        prefix = joined(segments[:PREFIX_SEGMENTS])
        expires_s = self._checked(token, prefix)
        expires_at = datetime.fromtimestamp(expires_s, UTC)
        if now >= expires_at:
            raise MediaExpired("This link to the media file is too old. Reload to get a new one.")
        return Grant(prefix, joined(segments[PREFIX_SEGMENTS:]), expires_at)

    def _checked(self, token: str, prefix: str) -> int:
        match = _TOKEN.fullmatch(token)
        key = self._secrets.keys(_PURPOSE).get(match[2]) if match else None
        if match is not None and key is not None:
            expires_s = int(match[1])
            if hmac.compare_digest(match[3], _signature(key, prefix, expires_s)):
                return expires_s
        raise Forbidden("This link to a media file wasn't made by this server, or not for it.")


def _signature(key: Key, prefix: str, expires_s: int) -> str:
    said = f"{expires_s}\n{prefix}".encode()
    mac = hmac.digest(key.secret, said, hashlib.sha256)[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
