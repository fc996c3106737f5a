"""HTTP for one's own API tokens."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import api_tokens
from backline.accounts.api_tokens import TokenForm, TokenRow
from backline.accounts.settings import AccountSettings
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["accounts"]


class TokenList(msgspec.Struct, frozen=True):
    """All of somebody's tokens, newest first."""

    items: list[TokenRow]
    next_cursor: str | None = None


class NewToken(msgspec.Struct, frozen=True):
    """A token that was just made: the only time that `token` is told."""

    id: UUID
    name: str
    scopes: list[str]
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    token: str


@get("/users/me/tokens", tags=_TAGS, summary="My API tokens", session_only=True)
async def list_tokens(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> TokenList:
    """Newest first. `hint` is how each begins; `last_used_at` is right to a minute."""
    async with database.read() as read:
        return TokenList(await api_tokens.page(read, actor))


@post("/users/me/tokens", tags=_TAGS, summary="Make an API token", session_only=True)
async def create_token(
    data: JSONBody[TokenForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[NewToken]:
    """`token` is told this once. It may do what its scopes say, and never more than I may."""
    async with database.write() as tx:
        row, token = await api_tokens.create(
            tx, accounts.keys, actor, data, accounts.scopes, address=address
        )
    made = NewToken(**msgspec.structs.asdict(row), token=token)
    return Response(made, status_code=201, headers={"Cache-Control": "no-store"})


@delete(
    "/users/me/tokens/{token_id:uuid}",
    tags=_TAGS,
    summary="Delete an API token",
    session_only=True,
    idempotent=True,
)
async def delete_token(
    token_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """It stops working everywhere within a second, and what it listens to ends."""
    async with database.write() as tx:
        await api_tokens.delete(tx, actor, token_id, address=address)


ROUTES = [list_tokens, create_token, delete_token]
