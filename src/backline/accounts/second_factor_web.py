"""HTTP for one's own second factor; signing in with it is in `web`."""

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from backline.accounts import second_factor
from backline.accounts.second_factor import Offer
from backline.accounts.settings import AccountSettings
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["accounts"]
_UNKEPT = {"Cache-Control": "no-store"}
Code = Annotated[str, Meta(min_length=6, max_length=30, examples=["123456"])]
PresentPassword = Annotated[str, Meta(max_length=128)]


class PasswordForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One's password, to show who is there."""

    password: PresentPassword


class CodeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code out of the authenticator."""

    code: Code


class BothForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One's password, and a code of the authenticator or a recovery code."""

    password: PresentPassword
    code: Code


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Ten codes, each good for one sign-in; this is the only time that they are told."""

    recovery_codes: list[str]


@post(
    "/users/me/totp", status_code=200, tags=_TAGS, summary="Begin to set it up", session_only=True
)
async def begin_totp(
    data: JSONBody[PasswordForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[Offer]:
    """A secret for an authenticator (RFC 6238). Nothing changes until it is confirmed."""
    made = await second_factor.offer(
        database, accounts.passwords, accounts.factor, actor, data.password, address=address
    )
    return Response(made, headers=_UNKEPT)


@post(
    "/users/me/totp/confirm",
    status_code=200,
    tags=_TAGS,
    summary="Turn the second factor on",
    session_only=True,
)
async def confirm_totp(
    data: JSONBody[CodeForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[RecoveryCodes]:
    """By a first code. From now on a sign-in wants a code, too."""
    codes = await second_factor.confirm(
        database, accounts.factor, actor, data.code, address=address
    )
    return Response(RecoveryCodes(codes), headers=_UNKEPT)


@post(
    "/users/me/totp/recovery-codes",
    status_code=200,
    tags=_TAGS,
    summary="Make new recovery codes",
    session_only=True,
)
async def renew_recovery_codes(
    data: JSONBody[BothForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Response[RecoveryCodes]:
    """Those that were left no longer count."""
    codes = await second_factor.renew_codes(
        database,
        accounts.passwords,
        accounts.factor,
        actor,
        password=data.password,
        code=data.code,
        address=address,
    )
    return Response(RecoveryCodes(codes), headers=_UNKEPT)


@post(
    "/users/me/totp/disable",
    status_code=204,
    tags=_TAGS,
    summary="Turn the second factor off",
    session_only=True,
)
async def disable_totp(
    data: JSONBody[BothForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> None:
    """From now on the password is enough."""
    await second_factor.disable(
        database,
        accounts.passwords,
        accounts.factor,
        actor,
        password=data.password,
        code=data.code,
        address=address,
    )


ROUTES = [begin_totp, confirm_totp, renew_recovery_codes, disable_totp]
