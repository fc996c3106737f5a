"""Tags of media: short names of prefixes, the same on every replica, that tell nothing else."""

import base64
import hashlib
from collections.abc import Iterable

from backline.platform.storage.cdn.settings import Cdn

# <kind>/<owner>, then <id>, then <generation>: whatever of these is deleted is one tag.
_DEPTHS = (2, 3, 4)
_THING = 3
MOST_THINGS = 100  # a header stays under 2 kB


def tag_of(prefix: str) -> str | None:
    """The tag of what lies beneath a prefix that is deleted; None if it is a whole kind.

    A single file's is that of the folder it lies in: its neighbours are fetched once more.
    """
    segments = prefix.split("/")[: _DEPTHS[-1]]
    return _tag("/".join(segments)) if len(segments) >= _DEPTHS[0] else None


def tags_of(keys: Iterable[str]) -> list[str] | None:
    """The tags of an answer with these files in it; None if they are too many to be named.

    One file has those of its owner, its thing and its folder; of several, an archive, things count.
    """
    known = list(dict.fromkeys(keys))
    if len(known) == 1:
        segments = known[0].split("/")
        return [_tag("/".join(segments[:depth])) for depth in _DEPTHS if len(segments) >= depth]
    parts = [key.split("/") for key in known]
    prefixes = {"/".join(one[:depth]) for one in parts for depth in (_DEPTHS[0], _THING)}
    return None if len(prefixes) > MOST_THINGS else sorted(map(_tag, prefixes))


def tag_headers(cdn: Cdn, keys: Iterable[str]) -> list[tuple[bytes, bytes]] | None:
    """The headers by which a CDN knows an answer; None if it must not keep it."""
    tags = tags_of(keys)
    if tags is None:
        return None
    headers: list[tuple[bytes, bytes]] = []
    if not tags:
        return headers
    if cdn.kind != "fastly":
        headers.append((b"cache-tag", ",".join(tags).encode()))
    if cdn.kind != "cloudflare":
        headers.append((b"surrogate-key", " ".join(tags).encode()))
    return headers


def _tag(prefix: str) -> str:
    digest = hashlib.sha256(prefix.encode()).digest()[:12]
    return base64.urlsafe_b64encode(digest).decode()
