"""Boards: who may read and write which, and who is let in."""

from uuid import UUID

import msgspec

from backline import accounts
from backline.accounts import Container, Member, MemberRank, Rank
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import NotFound
from backline.platform.ids import uuid7

KIND = "board"
TOPIC = "boards"
_INSERT = "INSERT INTO boards (owner_id, id, text) VALUES ($1, $2, $3)"
_GET = "SELECT id, text, version FROM boards WHERE owner_id = $1 AND id = $2"
_OWN = "SELECT id, text, version FROM boards WHERE owner_id = $1 ORDER BY id"
_WRITE = """
UPDATE boards SET text = $3, version = version + 1 WHERE owner_id = $1 AND id = $2
RETURNING id, text, version
"""


class Board(msgspec.Struct, frozen=True):
    """A board, and the event of its change."""

    id: UUID
    text: str
    version: int


def tag(board_id: UUID) -> str:
    """What shows a board depends on."""
    return f"board:{board_id.hex}"


async def get(read: Read, actor: Actor, board_id: UUID) -> Board:
    """A board of one's own, or one that is shared with the actor."""
    member = await accounts.rank(read, actor, board_id)
    return _found(await read.fetch_one(_GET, Board, member.owner_id, board_id))


async def visible(read: Read, actor: Actor) -> list[Board]:
    """One's own boards, then those that are shared with the actor."""
    found = await read.fetch(_OWN, Board, actor.user_id)
    for member in await accounts.memberships(read, actor, KIND):
        board = await read.fetch_one(_GET, Board, member.owner_id, member.container_id)
        found += [board] if board is not None else []
    return found


async def add(tx: Write, actor: Actor, text: str) -> Board:
    """Make one."""
    board = Board(uuid7(), text, 1)
    await tx.execute(_INSERT, actor.user_id, board.id, text)
    invalidate(tx, f"boards:{actor.user_id.hex}")
    return board


async def write(tx: Write, actor: Actor, board_id: UUID, text: str) -> Board:
    """Write on a board, as its owner or an editor."""
    member = await accounts.rank(tx, actor, board_id, least="editor")
    board = _found(await tx.fetch_one(_WRITE, Board, member.owner_id, board_id, text))
    invalidate(tx, tag(board_id))
    await events.publish(tx, member.owner_id, TOPIC, "board", board, container_id=board_id)
    return board


async def let_in(tx: Write, actor: Actor, board_id: UUID, user_id: UUID, rank: MemberRank) -> None:
    """Give somebody a rank, as the owner."""
    container = await _own(tx, actor, board_id)
    if not await accounts.add_member(tx, container, user_id, rank):
        await accounts.change_member(tx, container, user_id, rank)


async def put_out(tx: Write, actor: Actor, board_id: UUID, user_id: UUID) -> None:
    """Put a member out, as the owner; anybody may leave."""
    least: Rank = "viewer" if user_id == actor.user_id else "owner"
    member = await accounts.rank(tx, actor, board_id, least=least)
    _found(await tx.fetch_one(_GET, Board, member.owner_id, board_id))
    await accounts.remove_member(tx, Container(member.owner_id, board_id, KIND), user_id)


async def members(read: Read, actor: Actor, board_id: UUID) -> list[Member]:
    """Who is in, but the owner, for everybody who is."""
    member = await accounts.rank(read, actor, board_id)
    _found(await read.fetch_one(_GET, Board, member.owner_id, board_id))
    return await accounts.members_of(read, Container(member.owner_id, board_id, KIND))


async def _own(tx: Write, actor: Actor, board_id: UUID) -> Container:
    member = await accounts.rank(tx, actor, board_id, least="owner")
    _found(await tx.fetch_one(_GET, Board, member.owner_id, board_id))
    return Container(member.owner_id, board_id, KIND)


def _found(board: Board | None) -> Board:
    if board is None:
        raise NotFound("There is no such board.")
    return board
