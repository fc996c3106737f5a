"""HTTP for registration, for confirming an address and for forgotten passwords."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from backline.accounts import recovery, registration
from backline.accounts.models import Accepted, Email, Password, RegisterForm
from backline.accounts.settings import AccountSettings
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.errors import Forbidden
from backline.platform.mail import Mail

_TAGS = ["accounts"]
_KEPT_FOR_ME = "There is no mail server here. An administrator finds the link in the outbox."
_KEPT = (
    "There is no mail server here. If there is an account with this address, an administrator "
    "finds the link in the outbox and can give it to you."
)
LinkToken = Annotated[str, Meta(min_length=1, max_length=200)]


class VerifyForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link in a mail, which stands behind its `#`."""

    token: LinkToken


class ForgotForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose password was forgotten."""

    email: Email


class ResetForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token of the link in a mail, and the new password."""

    token: LinkToken
    password: Password


@post("/auth/register", status_code=202, tags=_TAGS, summary="Make an account")
async def register(
    data: JSONBody[RegisterForm],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    address: NamedDependency[str],
) -> Accepted:
    """The answer is the same whether or not the address has an account already."""
    if not accounts.registration_open:
        raise Forbidden("Registration is closed here. Ask the administrator for an account.")
    await registration.register(database, accounts.passwords, data, accounts.mail, address=address)
    if accounts.mail.is_sent:
        return Accepted("We have written to you. Open the link in the mail, then sign in.")
    return Accepted("Your account is ready. Sign in with your e-mail and password.")


@post("/auth/verify", status_code=204, tags=_TAGS, summary="Confirm an e-mail address")
async def verify(
    data: JSONBody[VerifyForm], database: NamedDependency[Database], address: NamedDependency[str]
) -> None:
    """By the token of the link in the mail. Doing it twice is fine."""
    async with database.write() as tx:
        await recovery.verify(tx, data.token, address=address)


@post(
    "/users/me/verify",
    status_code=202,
    tags=_TAGS,
    summary="Have the link sent again",
    session_only=True,
)
async def ask_verification(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    mail: NamedDependency[Mail],
) -> Accepted:
    """Writes to my address, unless it is confirmed already."""
    async with database.write() as tx:
        if not await recovery.ask_verification(tx, actor, mail):
            return Accepted("Your address is confirmed already.")
    return Accepted(
        "We have written to you. Open the link in the mail." if mail.is_sent else _KEPT_FOR_ME
    )


@post("/auth/forgot", status_code=202, tags=_TAGS, summary="Forgot my password")
async def forgot(
    data: JSONBody[ForgotForm],
    database: NamedDependency[Database],
    mail: NamedDependency[Mail],
    address: NamedDependency[str],
) -> Accepted:
    """The answer is the same whether or not the address has an account."""
    async with database.write() as tx:
        await recovery.forgot(tx, data.email, address=address)
    if mail.is_sent:
        return Accepted(
            "If there is an account with this address, we have written to it. "
            "The link in the mail works for one hour."
        )
    return Accepted(_KEPT)


@post("/auth/reset", status_code=204, tags=_TAGS, summary="Choose a new password")
async def reset(
    data: JSONBody[ResetForm],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
    mail: NamedDependency[Mail],
    address: NamedDependency[str],
) -> None:
    """By the token of the link in the mail. Ends all sessions; API tokens go on working."""
    await recovery.reset(
        database,
        accounts.passwords,
        mail,
        token=data.token,
        password=data.password,
        address=address,
    )


ROUTES = [register, verify, ask_verification, forgot, reset]
