"""HTTP for boards."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import MemberRank, members_tag
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from tests.support.boards import boards
from tests.support.boards.boards import Board

_TAGS = ["boards"]


class Text(msgspec.Struct, frozen=True):
    """What to write on a board."""

    text: str


class Place(msgspec.Struct, frozen=True):
    """What a member may do."""

    rank: MemberRank


class BoardList(msgspec.Struct, frozen=True):
    """Boards."""

    items: list[Board]


class MemberList(msgspec.Struct, frozen=True):
    """The ids of members."""

    items: list[UUID]


@get("/boards", tags=_TAGS, summary="Boards")
async def list_boards(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> BoardList:
    """One's own, and those that are shared; the answer names what it depends on."""
    async with database.read() as read:
        found = await boards.visible(read, actor)
    depends.on(*(boards.tag(one.id) for one in found))
    return BoardList(found)


@post("/boards", tags=_TAGS, summary="Add a board")
async def add_board(
    data: JSONBody[Text], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Board:
    """Add one."""
    async with database.write() as tx:
        return await boards.add(tx, actor, data.text)


@get("/boards/{board_id:uuid}", tags=_TAGS, summary="A board")
async def get_board(
    board_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Board:
    """One board."""
    async with database.read() as read:
        return await boards.get(read, actor, board_id)


@patch("/boards/{board_id:uuid}", tags=_TAGS, summary="Write on a board", idempotent=True)
async def write_board(
    board_id: FromPath[UUID],
    data: JSONBody[Text],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Board:
    """Write."""
    async with database.write() as tx:
        return await boards.write(tx, actor, board_id, data.text)


@get("/boards/{board_id:uuid}/members", tags=_TAGS, summary="Members")
async def list_members(
    board_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> MemberList:
    """Who is in."""
    depends.on(members_tag(board_id))
    async with database.read() as read:
        return MemberList([one.user_id for one in await boards.members(read, actor, board_id)])


@put("/boards/{board_id:uuid}/members/{user_id:uuid}", tags=_TAGS, summary="Let somebody in")
async def let_in(
    board_id: FromPath[UUID],
    user_id: FromPath[UUID],
    data: JSONBody[Place],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """Let somebody in, or change what they may do."""
    async with database.write() as tx:
        await boards.let_in(tx, actor, board_id, user_id, data.rank)


@delete("/boards/{board_id:uuid}/members/{user_id:uuid}", tags=_TAGS, summary="Put out")
async def put_out(
    board_id: FromPath[UUID],
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """Put somebody out, or leave."""
    async with database.write() as tx:
        await boards.put_out(tx, actor, board_id, user_id)


ROUTES = [list_boards, add_board, get_board, write_board, list_members, let_in, put_out]
