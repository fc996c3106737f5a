"""The second factor: a code by the clock, or one of ten recovery codes. None counts twice.

The arithmetic is in `totp`. A code is looked at while the row is locked, so that two requests
with the same one come after each other, and each try is judged before the next (`tries`).
"""

import time
from uuid import UUID

import msgspec

from backline.accounts import second_factor_sql, sql, totp, tries
from backline.accounts.passwords import Passwords
from backline.accounts.second_factor_sql import TotpRow
from backline.accounts.tries import Try
from backline.platform import audit
from backline.platform.actor import Actor, require_session
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound, Unavailable
from backline.platform.secrets import Secrets
from backline.platform.secrets.sealing import Seal, SealFault, close, open_sealed, seal_for

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
    database: Database,
    passwords: Passwords,
    keys: FactorKeys,
    actor: Actor,
    password: str,
    *,
    address: str,
) -> Offer:
    """Begin to set it up: a secret that counts once a code made with it was shown.

    Raises:
        Invalid: that isn't their password.
        TooMany: it was wrong too often.
        Conflict: it is on already.
    """
    require_session(actor)
    await tries.own_password(database, passwords, actor, password, address=address)
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
    database: Database, keys: FactorKeys, actor: Actor, code: str, *, address: str
) -> list[str]:
    """Turn it on by a first code, in transactions of its own; returns the recovery codes.

    Nobody ever sees them again.

    Raises:
        Invalid: the code isn't right.
        TooMany: it was wrong too often.
        Conflict: it is on already, or wasn't begun.
    """
    require_session(actor)
    async with database.read() as read:
        tried = await _begin(read, actor, address)
    async with database.write() as tx:
        await tries.settle(tx, tried)
        row = await second_factor_sql.lock(tx, actor.user_id)
        if row is None:
            raise Conflict(
                "Begin with your password: there is no secret yet that could be confirmed."
            )
        if row.is_confirmed:
            raise Conflict("The second factor is on already.")
        codes: list[str] = []
        is_right = await _takes_time_code(tx, keys, actor.user_id, row, totp.plain(code))
        await tries.note(tx, tried, is_right=is_right)
        if is_right:
            codes = await _new_codes(tx, keys, actor.user_id)
            await audit.record(tx, actor.user_id, "totp.enable", address=address)
            invalidate(tx, _tag(actor.user_id))
    if not codes:
        raise _not_right()
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
        TooMany: they were wrong too often.
        Conflict: the second factor is off.
    """
    require_session(actor)
    tried = await tries.own_password(database, passwords, actor, password, address=address)
    async with database.write() as tx:
        codes: list[str] = []
        if await _is_right(tx, keys, actor, code, tried):
            codes = await _new_codes(tx, keys, actor.user_id)
            await audit.record(tx, actor.user_id, "totp.recovery-codes", address=address)
    if not codes:
        raise _not_right()
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
        TooMany: they were wrong too often.
        Conflict: it is off already.
    """
    require_session(actor)
    tried = await tries.own_password(database, passwords, actor, password, address=address)
    async with database.write() as tx:
        is_right = await _is_right(tx, keys, actor, code, tried)
        if is_right:
            await second_factor_sql.delete(tx, actor.user_id)
            await audit.record(tx, actor.user_id, "totp.disable", address=address)
            invalidate(tx, _tag(actor.user_id))
    if not is_right:
        raise _not_right()


async def takes(tx: Write, keys: FactorKeys, user_id: UUID, code: str) -> bool:
    """Whether a code of either kind is right and new; it is used up by this.

    The caller has had the try settled; the row is locked, so that no code counts twice.
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


async def _begin(read: Read, actor: Actor, address: str) -> Try:
    row = await sql.user(read, actor.user_id)
    if row is None:
        raise NotFound("There is no such account.")
    return await tries.begin(read, row.email, address)


async def _is_right(tx: Write, keys: FactorKeys, actor: Actor, code: str, tried: Try) -> bool:
    """Judge a code that came with the password, and count it."""
    await tries.settle(tx, tried)
    row = await second_factor_sql.lock(tx, actor.user_id)
    if row is None or not row.is_confirmed:
        raise Conflict("The second factor is off.")
    is_right = await takes(tx, keys, actor.user_id, code)
    await tries.note(tx, tried, is_right=is_right)
    return is_right


def _not_right() -> Invalid:
    return Invalid(
        "That code isn't right, or it was used before. Wait for the next one.",
        FieldFault("code", "isn't right, or was used before"),
    )


def _tag(user_id: UUID) -> str:
    return f"user:{user_id.hex}"
