"""HTTP for one's own app passwords."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import app_passwords
from backline.accounts.app_passwords import AppPasswordForm, AppPasswordRow
from backline.accounts.settings import AccountSettings
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["accounts"]


class AppPasswordList(msgspec.Struct, frozen=True):
    """All of somebody's app passwords, newest first."""

    items: list[AppPasswordRow]
    next_cursor: str | None = None


class NewAppPassword(msgspec.Struct, frozen=True):
    """An app password that was just made: the only time that `password` is told."""

    id: UUID
    name: str
    scopes: list[str]
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    password: str


@get("/users/me/app-passwords", tags=_TAGS, summary="My app passwords", session_only=True)
async def list_app_passwords(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> AppPasswordList:
    """Newest first. `hint` is how each begins; `last_used_at` is right to a minute."""
    async with database.read() as read:
        return AppPasswordList(await app_passwords.page(read, actor))


@post("/users/me/app-passwords", tags=_TAGS, summary="Make an app password", session_only=True)
async def create_app_password(
    data: JSONBody[AppPasswordForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[NewAppPassword]:
    """`password` is told this once. A program signs in by it and my e-mail address."""
    async with database.write() as tx:
        row, password = await app_passwords.create(
            tx, accounts.app_seal, actor, data, accounts.scopes, address=address
        )
    made = NewAppPassword(**msgspec.structs.asdict(row), password=password)
    return Response(made, status_code=201, headers={"Cache-Control": "no-store"})


@delete(
    "/users/me/app-passwords/{app_password_id:uuid}",
    tags=_TAGS,
    summary="Revoke an app password",
    session_only=True,
    idempotent=True,
)
async def delete_app_password(
    app_password_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """The program that has it is let in no more, anywhere, within a second."""
    async with database.write() as tx:
        await app_passwords.revoke(tx, actor, app_password_id, address=address)


ROUTES = [list_app_passwords, create_app_password, delete_app_password]
