"""The calls by which CDNs forget: Cloudflare's, Fastly's, and any other's by an address of ours.

Cloudflare: `POST /zones/{zone}/purge_cache` with `{"tags": […]}`, which answers
`{"success": true}`. Fastly: `POST /service/{service}/purge` with the keys in `Surrogate-Key`.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import msgspec

from backline.platform.outside.client import Call, Reply
from backline.platform.storage.cdn.settings import Cdn, Kind

# The least that each takes in one call on any plan.
MOST_TAGS: Final[dict[Kind, int]] = {"url": 100, "cloudflare": 30, "fastly": 256}
_LATER: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class Refused(Exception):
    """The CDN won't ever take this as it is: an operator has to look."""


class NotYet(Exception):
    """The CDN asks to come again."""


class _Tags(msgspec.Struct, frozen=True):
    tags: Sequence[str]


class _Success(msgspec.Struct, frozen=True):
    success: bool


def call_of(cdn: Cdn, tags: Sequence[str]) -> Call:
    """The request that has the CDN forget what bears one of these tags."""
    if cdn.kind == "fastly":
        headers = {"Fastly-Key": cdn.token, "Surrogate-Key": " ".join(tags)}
        headers["Accept"] = "application/json"
        return Call("POST", f"{cdn.url}/service/{cdn.id}/purge", headers=headers)
    headers = {"Content-Type": "application/json"}
    if cdn.token:
        headers["Authorization"] = f"Bearer {cdn.token}"
    where = cdn.url if cdn.kind == "url" else f"{cdn.url}/zones/{cdn.id}/purge_cache"
    return Call("POST", where, headers=headers, content=msgspec.json.encode(_Tags(tags)))


def check(cdn: Cdn, reply: Reply) -> None:
    """See whether the CDN has done it.

    Raises:
        NotYet: too many requests, or too slow.
        Refused: any other answer; what it says isn't repeated, it may name secrets.
    """
    if reply.status in _LATER:
        raise NotYet(f"The CDN answers with {reply.status}.")
    if not HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        raise Refused(
            f"The CDN refuses to forget copies ({reply.status}). Look at BACKLINE_CDN_PURGE_ID, "
            "BACKLINE_CDN_PURGE_TOKEN and what the token may do."
        )
    if cdn.kind == "cloudflare" and not _has_succeeded(reply.body):
        raise Refused("Cloudflare says that it has purged nothing. Look at the zone and its plan.")


def _has_succeeded(body: bytes) -> bool:
    try:
        return msgspec.json.decode(body, type=_Success).success
    except msgspec.DecodeError:
        return False
