"""What lies in the bucket, page by page, and removing much of it."""

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, cast

import obstore

from backline.platform.errors import NotFound
from backline.platform.storage.s3.calls import LONG_S, Client

if TYPE_CHECKING:
    from obstore import ObjectMeta

_PAGE = 1000


async def listed(client: Client, prefix: str) -> AsyncGenerator["ObjectMeta"]:
    """Everything beneath a prefix (up to a slash), by name. A page that fails is asked for anew.

    Raises:
        Unavailable: S3 doesn't answer.
    """
    last: str | None = None
    while True:
        page = await client.call("list", lambda after=last: page_of(client, prefix, after))
        for found in page:
            yield found
        if len(page) < _PAGE:
            return
        last = page[-1]["path"]


async def page_of(
    client: Client, prefix: str, after: str | None = None, size: int = _PAGE
) -> "Sequence[ObjectMeta]":
    """Up to `size` of what lies beneath a prefix behind `after`; to be used in `Client.call`."""
    # The library's types know forms with and without another library.
    pages = cast("Any", obstore).list(client.store, prefix, offset=after, chunk_size=size)
    async for page in pages:
        return cast("Sequence[ObjectMeta]", page)
    return []


async def remove_all(client: Client, paths: Sequence[str]) -> None:
    """Remove objects; what isn't there is no fault.

    Raises:
        Unavailable: S3 doesn't answer; some may be gone.
    """
    if not paths:
        return
    given = list(paths)
    try:
        await client.call(
            "delete", lambda: obstore.delete_async(client.store, given), limit_s=LONG_S
        )
    except NotFound:
        return  # some servers say so of single ones
