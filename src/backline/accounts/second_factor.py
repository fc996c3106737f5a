"""The second factor: a code by the clock, or one of ten recovery codes. None counts twice.

The arithmetic is in `totp`. A code is looked at while the row is locked, so that two requests
with the same one come after each other, and failures are counted before the next is looked at.
"""

import time
from uuid import UUID

import msgspec

from backline.accounts import second_factor_sql, sql, totp
from backline.accounts.passwords import Passwords
from backline.accounts.second_factor_sql import TotpRow
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.cache import invalidate
from backline.platform.database import Database, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound, Unavailable
from backline.platform.sealing import Seal, SealFault, close, open_sealed, seal_for
from backline.platform.secrets import Secrets

_ISSUER = "Backline"


class FactorKeys(msgspec.Struct, frozen=True):
    """What seals the secrets, and the keys of recovery codes, newest first. Never logged."""

    seal: Seal
    recovery: tuple[bytes, ...]

    def __repr__(self) -> str:
        return "FactorKeys(…)"


class Offer(msgspec.Struct, frozen=True):
    """A new secret, on its way to somebody's authenticator."""

    secret: str
    uri: str
    qr_svg: str


def factor_keys(secrets: Secrets) -> FactorKeys:
    """The keys of this installation."""
    recovery = tuple(key.secret for key in secrets.keys("recovery-code").values())
    return FactorKeys(seal_for(secrets, "totp"), recovery)


async def offer(
    database: Database, passwords: Passwords, keys: FactorKeys, actor: Actor, password: str
) -> Offer:
    """Begin to set it up: a secret that counts once a code made with it was shown.

    Raises:
        Invalid: that isn't their password.
        Conflict: it is on already.
    """
    require_session(actor)
    await _check_password(database, passwords, actor, password)
    secret = totp.new_secret()
    async with database.write() as tx:
        row = await sql.user(tx, actor.user_id)
        if row is None:
            raise NotFound("There is no such account.")
        sealed = close(keys.seal, secret, actor.user_id.bytes)
        if not await second_factor_sql.offer(tx, actor.user_id, sealed):
            raise Conflict("The second factor is on already. Turn it off to set it up anew.")
    uri = totp.uri_of(secret, account=row.email, issuer=_ISSUER)
    return Offer(totp.base32_of(secret), uri, totp.qr_svg(uri))


async def confirm(
    tx: Write, keys: FactorKeys, actor: Actor, code: str, *, address: str
) -> list[str]:
    """Turn it on by a first code; returns the recovery codes, which nobody ever sees again.

    Raises:
        Invalid: the code isn't right.
        Conflict: it is on already, or wasn't begun.
    """
    require_session(actor)
    row = await second_factor_sql.lock(tx, actor.user_id)
    if row is None:
        raise Conflict("Begin with your password: there is no secret yet that could be confirmed.")
    if row.is_confirmed:
        raise Conflict("The second factor is on already.")
    if not await _takes_time_code(tx, keys, actor.user_id, row, totp.plain(code)):
        raise _not_right()
    codes = await _new_codes(tx, keys, actor.user_id)
    await audit.record(tx, actor.user_id, "totp.enable", address=address)
    invalidate(tx, _tag(actor.user_id))
    return codes


async def renew_codes(
    database: Database,
    passwords: Passwords,
    keys: FactorKeys,
    actor: Actor,
    *,
    password: str,
    code: str,
    address: str,
) -> list[str]:
    """Ten new recovery codes in place of those that were left.

    Raises:
        Invalid: the password or the code isn't right.
        Conflict: the second factor is off.
    """
    require_session(actor)
    await _check_password(database, passwords, actor, password)
    async with database.write() as tx:
        await _check_code(tx, keys, actor, code)
        codes = await _new_codes(tx, keys, actor.user_id)
        await audit.record(tx, actor.user_id, "totp.recovery-codes", address=address)
    return codes


async def disable(
    database: Database,
    passwords: Passwords,
    keys: FactorKeys,
    actor: Actor,
    *,
    password: str,
    code: str,
    address: str,
) -> None:
    """Turn it off.

    Raises:
        Invalid: the password or the code isn't right.
        Conflict: it is off already.
    """
    require_session(actor)
    await _check_password(database, passwords, actor, password)
    async with database.write() as tx:
        await _check_code(tx, keys, actor, code)
        await second_factor_sql.delete(tx, actor.user_id)
        await audit.record(tx, actor.user_id, "totp.disable", address=address)
        invalidate(tx, _tag(actor.user_id))


async def takes(tx: Write, keys: FactorKeys, user_id: UUID, code: str) -> bool:
    """Whether a code of either kind is right and new; it is used up by this.

    The caller has locked the row.
    """
    row = await second_factor_sql.lock(tx, user_id)
    if row is None or not row.is_confirmed:
        return False
    code = totp.plain(code)
    if totp.is_time_code(code):
        return await _takes_time_code(tx, keys, user_id, row, code)
    digests = [totp.recovery_digest(key, user_id, code) for key in keys.recovery]
    return await second_factor_sql.take_code(tx, user_id, digests)


async def _takes_time_code(
    tx: Write, keys: FactorKeys, user_id: UUID, row: TotpRow, code: str
) -> bool:
    try:
        secret = open_sealed(keys.seal, row.sealed, user_id.bytes)
    except SealFault as fault:
        raise Unavailable(
            f"Your second factor can't be read: {fault}. Use a recovery code, or tell whoever "
            "runs this server."
        ) from fault
    step = totp.step_of(secret, code, now_s=time.time(), after=row.last_step)
    if step is None:
        return False
    # Sealed anew each time: once everybody has signed in, an old root may be taken away.
    await second_factor_sql.use(tx, user_id, step, close(keys.seal, secret, user_id.bytes))
    return True


async def _new_codes(tx: Write, keys: FactorKeys, user_id: UUID) -> list[str]:
    codes = totp.new_recovery_codes()
    digests = [totp.recovery_digest(keys.recovery[0], user_id, code) for code in codes]
    await second_factor_sql.set_codes(tx, user_id, digests)
    return codes


async def _check_password(
    database: Database, passwords: Passwords, actor: Actor, password: str
) -> None:
    async with database.read() as read:
        known = await sql.credentials_by_id(read, actor.user_id)
    if known is None or not await passwords.verify(known.password_hash, password):
        raise Invalid(
            "That isn't your password.", FieldFault("password", "isn't your present password")
        )


async def _check_code(tx: Write, keys: FactorKeys, actor: Actor, code: str) -> None:
    row = await second_factor_sql.lock(tx, actor.user_id)
    if row is None or not row.is_confirmed:
        raise Conflict("The second factor is off.")
    if not await takes(tx, keys, actor.user_id, code):
        raise _not_right()


def _not_right() -> Invalid:
    return Invalid(
        "That code isn't right, or it was used before. Wait for the next one.",
        FieldFault("code", "isn't right, or was used before"),
    )


def _tag(user_id: UUID) -> str:
    return f"user:{user_id.hex}"
