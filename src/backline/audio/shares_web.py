"""HTTP for the shares that somebody makes: their links, listed, changed and ended."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backline.audio import shares
from backline.audio.share_links import LinkKeys
from backline.audio.shares import Share, ShareForm, SharePatch
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.platform.http.paging import Cursor, Limit

_TAGS = ["audio"]
_Of = Annotated[UUID | None, QueryParameter(description="Only those of this thing of mine")]


class SharePage(msgspec.Struct, frozen=True):
    """A page of shares."""

    items: list[Share]
    next_cursor: str | None = None


@get("/shares", tags=_TAGS, summary="My shares")
async def list_shares(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
    limit: Limit = 20,
    cursor: Cursor = None,
    thing_id: _Of = None,
) -> SharePage:
    """The newest first, also those that are over; what is revoked isn't listed."""
    name = f"shares:{thing_id}"
    before = cursors.decode(name, cursor, tuple[UUID])[0] if cursor else None
    async with database.read() as read:
        rows = await shares.page(read, actor, thing_id, before=before, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.id,))
    return SharePage([shares.shown(link_keys, row) for row in rows], following)


@post("/shares", tags=_TAGS, summary="Share by a link")
async def create_share(
    data: JSONBody[ShareForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
) -> Response[Share]:
    """A track, an album or a playlist of mine; whoever has the link hears it without an account."""
    async with database.write() as tx:
        row = await shares.create(tx, actor, data)
    return Response(
        shares.shown(link_keys, row), status_code=201, headers={"Cache-Control": "no-store"}
    )


@get("/shares/{share_id:uuid}", tags=_TAGS, summary="One share")
async def get_share(
    share_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
) -> Share:
    """With its link, and how often that was opened."""
    async with database.read() as read:
        row = await shares.get(read, actor, share_id)
    return shares.shown(link_keys, row)


@patch("/shares/{share_id:uuid}", tags=_TAGS, summary="Change a share", dependencies=CONDITIONAL)
async def change_share(
    share_id: FromPath[UUID],
    data: JSONBody[SharePatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
    if_match: NamedDependency[IfMatch],
) -> Share:
    """A merge patch; days are counted from now, and one that is over counts again by them."""
    async with database.write() as tx:
        row = await shares.change(tx, actor, share_id, data, if_match)
    return shares.shown(link_keys, row)


@delete(
    "/shares/{share_id:uuid}",
    tags=_TAGS,
    summary="Revoke a share",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def revoke_share(
    share_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Its link leads nowhere from now on; for a day it can be restored."""
    async with database.write() as tx:
        await shares.revoke(tx, actor, share_id, if_match)


@post("/shares/{share_id:uuid}/restore", status_code=200, tags=_TAGS, summary="Undo a revocation")
async def restore_share(
    share_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    link_keys: NamedDependency[LinkKeys],
) -> Share:
    """With the same link; works for a day."""
    async with database.write() as tx:
        row = await shares.restore(tx, actor, share_id)
    return shares.shown(link_keys, row)


ROUTES = [list_shares, create_share, get_share, change_share, revoke_share, restore_share]
