"""HTTP for accounts: sign-in, one's own account, and the administrator's list of people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import sessions, tokens, users
from backline.accounts.models import (
    AdminUserPatch,
    LoginForm,
    RefreshForm,
    SetupForm,
    Tokens,
    User,
    UserPage,
    UserPatch,
)
from backline.accounts.presence import Presence
from backline.accounts.sessions import SignedIn
from backline.accounts.settings import AccountSettings
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.database.versions import IfMatch
from backline.platform.errors import Forbidden, Unauthenticated
from backline.platform.http import cursors, scopes
from backline.platform.http.asgi import exchange_of
from backline.platform.http.conditions import CONDITIONAL
from backline.platform.http.origins import Origins
from backline.platform.http.paging import Cursor, Limit, Search

_COOKIE = "backline_refresh"
_COOKIE_PATH = "/api/v1/auth"
_USERS = "users"

AnyRequest = Request[Any, Any, Any]


async def provide_actor(request: AnyRequest, presence: NamedDependency[Presence]) -> Actor:
    """Whoever the request's access token belongs to; injected where a handler asks for it."""
    exchange = exchange_of(request.scope)
    actor = exchange.caller
    if actor is None:
        actor = await presence.actor(_access_token(request))
    if actor.scopes is not None:
        scopes.enforce(actor, request.route_handler, request.scope["method"])
    exchange.user, exchange.actor = actor.user_id.hex, actor
    return actor


def _access_token(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Sign in and send the access token as 'Authorization: Bearer …'.")
    return token.strip()


@post("/auth/setup", tags=["accounts"], summary="Make the first administrator")
async def set_up(
    data: JSONBody[SetupForm],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> User:
    """Takes the token of the one-time link that the first start prints."""
    made = await users.set_up(database, accounts.passwords, data, address=address)
    return users.user_of(made, accounts.quota_bytes)


@post("/auth/login", status_code=200, tags=["accounts"], summary="Sign in")
async def login(
    data: JSONBody[LoginForm],
    request: AnyRequest,
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    origins: NamedDependency[Origins],
) -> Response[Tokens]:
    """The refresh token comes as a cookie, or in the answer with `"transport": "body"`."""
    if data.transport == "cookie":
        _check_origin(request, origins)
    signed_in = await sessions.login(
        database,
        accounts.passwords,
        accounts.keys,
        accounts.factor,
        email=data.email,
        password=data.password,
        code=data.code,
        address=exchange_of(request.scope).address,
        user_agent=request.headers.get("user-agent", ""),
        confirms=accounts.mail.is_sent,
    )
    return _tokens(signed_in, accounts, in_body=data.transport == "body")


@post("/auth/refresh", status_code=200, tags=["accounts"], summary="Get a new access token")
async def refresh(
    request: AnyRequest,
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    origins: NamedDependency[Origins],
    address: NamedDependency[str],
    data: JSONBody[RefreshForm | None] = None,
) -> Response[Tokens]:
    """Takes the cookie, or the refresh token in the body; each works once."""
    token, in_body = _refresh_token(request, origins, data)
    async with database.write() as tx:
        signed_in = await sessions.refresh(tx, accounts.keys, token, address=address)
    if signed_in is None:
        raise Unauthenticated("This sign-in was used twice, so it has been ended. Sign in again.")
    return _tokens(signed_in, accounts, in_body=in_body)


@post("/auth/logout", status_code=204, tags=["accounts"], summary="Sign out")
async def logout(
    request: AnyRequest,
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    origins: NamedDependency[Origins],
    presence: NamedDependency[Presence],
    address: NamedDependency[str],
    data: JSONBody[RefreshForm | None] = None,
) -> Response[None]:
    """Ends the session everywhere: that of the refresh token, else of the access token.

    Doing it twice is fine. An API token isn't a session and stays.
    """
    try:
        token, _ = _refresh_token(request, origins, data)
        session_id, _ = tokens.read_refresh_token(accounts.keys, token)
    except Unauthenticated:
        session_id = await _session_of_access(request, presence)
    if session_id is not None:
        async with database.write() as tx:
            await sessions.logout(tx, session_id, address=address)
    return Response(None, status_code=204, cookies=[_cookie("", accounts, max_age_s=0)])


async def _session_of_access(request: AnyRequest, presence: Presence) -> UUID | None:
    try:
        actor = await presence.actor(_access_token(request))
    except Unauthenticated:
        return None
    return actor.session_id if actor.scopes is None else None


@get("/users/me", tags=["accounts"], summary="My account")
async def my_account(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
) -> User:
    """Who I am, and how much room I use."""
    async with database.read() as read:
        return await users.profile(read, actor, accounts.quota_bytes)


@patch(
    "/users/me",
    tags=["accounts"],
    summary="Change my account",
    dependencies=CONDITIONAL,
)
async def change_my_account(
    data: JSONBody[UserPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    if_match: NamedDependency[IfMatch],
    address: NamedDependency[str],
) -> User:
    """A merge patch. A new password ends all my other sessions."""
    return await users.change(
        database, accounts.passwords, actor, data, accounts.quota_bytes, if_match, address=address
    )


@delete("/users/me", tags=["accounts"], summary="Delete my account", session_only=True)
async def delete_my_account(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[None]:
    """Deletes the account and everything in it. It can't be undone."""
    async with database.write() as tx:
        await users.delete(tx, actor, actor.user_id, address=address)
    return Response(None, status_code=204, cookies=[_cookie("", accounts, max_age_s=0)])


@get("/admin/users", tags=["administration"], summary="Everybody's accounts")
async def list_users(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    limit: Limit = 50,
    cursor: Cursor = None,
    q: Search = "",
) -> UserPage:
    """Newest first; `q` looks in addresses and names."""
    name = f"{_USERS}:{q}"
    before = cursors.decode(name, cursor, tuple[datetime, UUID]) if cursor else None
    async with database.read() as read:
        items = await users.page(
            read,
            actor,
            before=before,
            search=q,
            limit=limit + 1,
            quota_bytes=accounts.quota_bytes,
        )
    items, following = cursors.cut(name, items, limit, lambda user: (user.created_at, user.id))
    return UserPage(items, following)


@patch(
    "/admin/users/{user_id:uuid}",
    tags=["administration"],
    summary="Change an account",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def administer_user(
    user_id: FromPath[UUID],
    data: JSONBody[AdminUserPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    if_match: NamedDependency[IfMatch],
    address: NamedDependency[str],
) -> User:
    """Role, quota, whether they may sign in; or their second factor off."""
    async with database.write() as tx:
        return await users.administer(
            tx, actor, user_id, data, accounts.quota_bytes, if_match, address=address
        )


@delete(
    "/admin/users/{user_id:uuid}",
    tags=["administration"],
    summary="Delete an account",
    idempotent=True,
)
async def remove_user(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """Deletes the account and everything in it. It can't be undone."""
    async with database.write() as tx:
        await users.remove(tx, actor, user_id, address=address)


def _refresh_token(
    request: AnyRequest, origins: Origins, form: RefreshForm | None
) -> tuple[str, bool]:
    if form is not None and form.refresh_token:
        return form.refresh_token, True
    cookie = request.cookies.get(_COOKIE)
    if not cookie:
        raise Unauthenticated("You are signed out. Sign in again.")
    _check_origin(request, origins)
    return cookie, False


def _check_origin(request: AnyRequest, origins: Origins) -> None:
    """A cookie is sent by any page; only ours may act by it."""
    headers = request.headers
    if not origins.may_write_by_cookie(headers.get("origin"), headers.get("sec-fetch-site")):
        raise Forbidden("This request comes from another site's page.")


def _tokens(signed_in: SignedIn, accounts: AccountSettings, *, in_body: bool) -> Response[Tokens]:
    body = Tokens(
        signed_in.access_token,
        signed_in.expires_in_s,
        "Bearer",
        signed_in.refresh_token if in_body else None,
    )
    headers = {"Cache-Control": "no-store"}
    if in_body:
        return Response(body, headers=headers)
    max_age_s = accounts.keys.refresh_ttl_s
    cookie = _cookie(signed_in.refresh_token, accounts, max_age_s=max_age_s)
    return Response(body, headers=headers, cookies=[cookie])


def _cookie(value: str, accounts: AccountSettings, *, max_age_s: int) -> Cookie:
    return Cookie(
        key=_COOKIE,
        value=value,
        path=_COOKIE_PATH,
        httponly=True,
        secure=accounts.secure_cookies,
        samesite="strict",
        max_age=max_age_s,
    )


ROUTES = [
    set_up,
    login,
    refresh,
    logout,
    my_account,
    change_my_account,
    delete_my_account,
    list_users,
    administer_user,
    remove_user,
]
