"""The links in mails: they show whose an address is, and let people choose a new password.

Only the hash of a token is stored. HTTP is in `recovery_web`, registration in `registration`.
"""

import hashlib
import secrets

import msgspec

from backline.accounts import letters, recovery_sql, sessions, tries, users
from backline.accounts.faults import LinkExpired
from backline.accounts.mailboxes import keys_of, pick
from backline.accounts.passwords import Passwords
from backline.accounts.recovery_sql import OwnerRow, UsedRow
from backline.platform import audit
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Write
from backline.platform.errors import NotFound, TooMany
from backline.platform.jobs import enqueue
from backline.platform.mail import Mail, Message, recent
from backline.platform.mail import enqueue as enqueue_mail
from backline.platform.mail.addresses import address_key

FORGOT = "accounts.forgot"
_VERIFY_S = 3 * 86_400
_RESET_S = 3_600
# What anybody may have us write to one address, of each kind.
_PER_HOUR, _HOUR_S = 5, 3_600


class Forgot(msgspec.Struct, frozen=True):
    """The job that writes to somebody who forgot their password, if there is such a person."""

    email_key: str
    address: str
    email: str = ""  # as it was typed; jobs of before don't have it


async def write(tx: Write, mail: Mail, message: Message) -> bool:
    """Write to someone, unless that was done five times in the last hour."""
    if await recent(tx, message.to, message.kind, within_s=_HOUR_S) >= _PER_HOUR:
        return False
    await enqueue_mail(tx, mail, message)
    return True


async def send_verification(
    tx: Write,
    mail: Mail,
    owner: OwnerRow,
    *,
    name: str | None = None,
    password_hash: str | None = None,
) -> bool:
    """Write the link that confirms an address; by it, `name` and `password_hash` become valid."""
    token = secrets.token_urlsafe(32)
    if not await write(tx, mail, letters.verify(mail, owner.email, token)):
        return False
    carried = UsedRow(name, password_hash)
    await recovery_sql.insert_token(tx, _digest(token), owner.id, "verify", _VERIFY_S, carried)
    return True


async def ask_verification(tx: Write, actor: Actor, mail: Mail) -> bool:
    """Write another such link to oneself; False where the address is confirmed already.

    Raises:
        TooMany: five have been written in the last hour.
    """
    owner = await recovery_sql.lock_by_id(tx, actor.user_id)
    if owner is None:
        raise NotFound("There is no such account.")
    if owner.is_verified:
        return False
    if not await send_verification(tx, mail, owner):
        raise TooMany(
            "We have written to you five times in the last hour. Look into the folder for spam.",
            retry_after_s=_HOUR_S,
        )
    return True


async def verify(tx: Write, token: str, *, address: str) -> None:
    """Confirm an address by the token in its link; of a confirmed one, any link is fine.

    Raises:
        LinkExpired: the token doesn't count, or no longer.
    """
    digest = _digest(token)
    owner = await recovery_sql.lock_by_token(tx, digest, "verify")
    if owner is not None and owner.is_verified:
        return
    used = await recovery_sql.use_token(tx, digest)
    if owner is None or used is None:
        raise LinkExpired(
            "This link has been replaced or is older than three days. Sign in to have another "
            "sent, or register again."
        )
    carried = used if owner.is_pending else UsedRow(None, None)
    await recovery_sql.set_verified(
        tx, owner.id, name=carried.name, password_hash=carried.password_hash
    )
    await tries.forgive_all(tx, owner.email, address)
    whom = ("user", owner.id)
    await audit.record(tx, None, "email.verify", subject=whom, address=address)
    invalidate(tx, users.tag(owner.id))


async def forgot(tx: Write, email: str, *, address: str) -> None:
    """Have a job write to this address if it has an account; here nobody finds out whether."""
    await enqueue(tx, FORGOT, Forgot(address_key(email), address[:64], email))


async def send_reset(tx: Write, mail: Mail, asked: Forgot) -> None:
    """Write the link to the one who asked for it, if there is such an account."""
    keys = keys_of(asked.email) if asked.email else (asked.email_key,)
    owner = pick(await recovery_sql.lock_by_email(tx, keys), asked.email or None)
    if owner is None or owner.is_disabled:
        return
    token = secrets.token_urlsafe(32)
    if await write(tx, mail, letters.reset(mail, owner.email, token)):
        nothing = UsedRow(None, None)
        await recovery_sql.insert_token(tx, _digest(token), owner.id, "reset", _RESET_S, nothing)
        whom = ("user", owner.id)
        await audit.record(tx, None, "password.forgot", subject=whom, address=asked.address)


async def reset(
    database: Database,
    passwords: Passwords,
    mail: Mail,
    *,
    token: str,
    password: str,
    address: str,
) -> None:
    """Choose a new password by the token in a link: once; everybody signed in is signed out.

    The link came by mail, so the address is theirs as well. API tokens stay as they are.

    Raises:
        LinkExpired: the token doesn't count, or no longer.
    """
    digest = _digest(token)
    # Before the costly hash; by a transaction, since a replica may not know the token yet.
    async with database.write() as tx:
        if not await recovery_sql.token_lives(tx, digest):
            raise _no_reset()
    password_hash = await passwords.hash(password)
    async with database.write() as tx:
        owner = await recovery_sql.lock_by_token(tx, digest, "reset")
        if owner is None or await recovery_sql.use_token(tx, digest) is None:
            raise _no_reset()
        await recovery_sql.set_verified(tx, owner.id, password_hash=password_hash)
        await recovery_sql.void_tokens(tx, owner.id, "reset")
        await sessions.end_all(tx, owner.id, "password reset")
        await tries.forgive_all(tx, owner.email, address)
        whom = ("user", owner.id)
        await audit.record(tx, None, "password.reset", subject=whom, address=address)
        await enqueue_mail(tx, mail, letters.was_reset(mail, owner.email))
        invalidate(tx, users.tag(owner.id))


def _no_reset() -> LinkExpired:
    return LinkExpired(
        "This link has been used, is older than an hour, or another one was used since. "
        "Ask for a new one."
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
