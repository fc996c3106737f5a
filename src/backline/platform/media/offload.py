"""Having others send a file's bytes: nginx in front of us, or S3 by a redirect.

Who may have them has been decided, and conditions are answered, before anybody gets here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from backline.platform.media.files import HeaderList, headers_of
from backline.platform.media.ranges import ByteRange
from backline.platform.media.signing import Grant
from backline.platform.storage import Presign
from backline.platform.storage.kinds import StoredFile

# Addresses in manifests are relative to ours.
_MANIFESTS: Final = (".m3u8", ".mpd")
_REDIRECT_KEPT_S: Final = 300
_NGINX: Final = "/_media"


class Asked(msgspec.Struct, frozen=True):
    """A request for a file that may be answered: `part` is None for all of it."""

    method: str
    file: StoredFile
    grant: Grant
    part: ByteRange | None
    now: datetime


class HandedOver(msgspec.Struct, frozen=True):
    """What we answer, without a body; whoever reads it gets the bytes elsewhere."""

    status: int
    headers: HeaderList


Offload = Callable[[Asked], HandedOver | None]


def offload_of(mode: str, presign: Presign | None) -> Offload | None:
    """By BACKLINE_MEDIA_OFFLOAD; None where we send all bytes ourselves."""
    if mode == "nginx":
        return by_nginx if presign is None else _by_nginx_from(presign)
    if mode == "redirect" and presign is not None:
        return _by_redirect_to(presign)
    return None


def by_nginx(asked: Asked) -> HandedOver:
    """Have nginx send a file of the folder, which it knows as `/_media/`."""
    headers = headers_of(asked.file, asked.grant.name, max_age_s=_left_s(asked))
    headers.append((b"x-accel-redirect", f"{_NGINX}/{asked.file.key}".encode()))
    return HandedOver(200, [*headers, (b"content-length", b"0")])


def _by_nginx_from(presign: Presign) -> Offload:
    def hand_over(asked: Asked) -> HandedOver:
        """Have nginx fetch it from S3, by an address that only nginx is told."""
        scheme, _, rest = _address(presign, asked).partition("://")
        headers = [
            header
            for header in headers_of(asked.file, asked.grant.name, max_age_s=_left_s(asked))
            if header[0] in (b"etag", b"last-modified", b"content-security-policy")
        ]
        headers.append((b"x-accel-redirect", f"{_NGINX}/{scheme}/{rest}".encode()))
        if asked.part is not None:
            span = f"bytes={asked.part.start}-{asked.part.end - 1}"
            headers.append((b"x-media-range", span.encode()))
        return HandedOver(200, [*headers, (b"content-length", b"0")])

    return hand_over


def _by_redirect_to(presign: Presign) -> Offload:
    def hand_over(asked: Asked) -> HandedOver | None:
        """Send whoever asks to S3, except for manifests."""
        if asked.grant.name.endswith(_MANIFESTS):
            return None
        kept_s = min(_REDIRECT_KEPT_S, _left_s(asked))
        headers = [
            (b"location", _address(presign, asked).encode()),
            (b"cache-control", f"public, max-age={kept_s}".encode()),
            (b"content-length", b"0"),
        ]
        return HandedOver(307, headers)

    return hand_over


def _address(presign: Presign, asked: Asked) -> str:
    """Where S3 answers as we would: with our types, names and times to keep it.

    What ends before its address is kept no longer than that from now on, and not from when the
    address began: it may have been revoked since, and nobody asks us again.
    """
    until = asked.grant.expires_at
    ends_early = asked.file.until == until

    def answers(began: datetime) -> Mapping[str, str]:
        max_age_s = _left_s(asked) if ends_early else int((until - began).total_seconds())
        ours = dict(headers_of(asked.file, asked.grant.name, max_age_s=max_age_s))
        wanted = (b"content-type", b"content-disposition", b"cache-control")
        return {name.decode(): ours[name].decode("latin-1") for name in wanted if name in ours}

    method = "HEAD" if asked.method == "HEAD" else "GET"
    return presign.file(asked.file.key, method=method, now=asked.now, until=until, answers=answers)


def _left_s(asked: Asked) -> int:
    return int((asked.grant.expires_at - asked.now).total_seconds())
